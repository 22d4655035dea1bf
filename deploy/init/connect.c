#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  /* For a holder that is on its way up, or reads a long process table. */
  wait_ms = 15000,
  look_ms = 20,
  /* Without a byte after our input ended: the holder then ends its half; one that does not is not waited for. */
  last_bytes_ms = 10000,
  carried_bytes = 256 * 1024,
};

/* One direction: what was read and not yet written. Nothing is read while something waits: the peer feels the pressure. */
struct carrier {
  int from, to;
  size_t start, end;
  bool ended;
  char bytes[carried_bytes];
};

static struct carrier up, down;

static long long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* -1 when nobody listens there in time; errno then says why. */
static int reach(const char *path) {
  const long long until = now_ms() + wait_ms;
  for (;;) {
    int fd = connect_to(path);
    if (fd >= 0) return fd;
    bool early = errno == ENOENT || errno == ECONNREFUSED || errno == EAGAIN;
    if (!early || now_ms() > until) return -1;
    poll(NULL, 0, look_ms);
  }
}

static bool try_again(void) { return errno == EAGAIN || errno == EINTR; }

/* False when the other side takes no more. */
static bool flush(struct carrier *one) {
  while (one->start < one->end) {
    ssize_t written = write(one->to, one->bytes + one->start, one->end - one->start);
    if (written < 0) return try_again();
    one->start += (size_t)written;
  }
  one->start = one->end = 0;
  return true;
}

/* Reads once and hands on at once: a key waits for no second round. False when nothing can be carried any more. */
static bool carry(struct carrier *one) {
  ssize_t count = read(one->from, one->bytes, sizeof one->bytes);
  if (count < 0 && try_again()) return true;
  if (count <= 0) {
    one->ended = true;
    return true;
  }
  one->end = (size_t)count;
  return flush(one);
}

static bool waits(const struct carrier *one) { return one->end > one->start; }

static void not_blocking(int fd) {
  int flags = fcntl(fd, F_GETFL);
  if (flags >= 0) fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* Until the holder ended its half and all of it was handed on. */
static void carry_both(int socket) {
  long long until = -1;
  while (!down.ended || waits(&down)) {
    struct pollfd fds[4] = {
        {.fd = up.ended || waits(&up) ? -1 : up.from, .events = POLLIN},
        {.fd = waits(&up) ? up.to : -1, .events = POLLOUT},
        {.fd = down.ended || waits(&down) ? -1 : down.from, .events = POLLIN},
        {.fd = down.to, .events = waits(&down) ? POLLOUT : 0},
    };
    long long left = until < 0 ? -1 : until - now_ms();
    if (until >= 0 && left <= 0) return;
    if (poll(fds, 4, (int)left) < 0 && errno != EINTR) return;
    /* A reader of ours that is gone: nothing can be carried to it. */
    if ((fds[3].revents & (POLLERR | POLLHUP)) != 0) return;
    if (waits(&down) && !flush(&down)) return;
    if (fds[2].revents != 0 && !waits(&down)) {
      if (!carry(&down)) return;
      if (until >= 0) until = now_ms() + last_bytes_ms;
    }
    if (waits(&up) ? !flush(&up) : fds[0].revents != 0 && !carry(&up)) {
      /* The holder takes no more; what it still says is handed on. */
      up.ended = true;
      up.start = up.end = 0;
    }
    if (up.ended && !waits(&up) && until < 0) {
      shutdown(socket, SHUT_WR);
      until = now_ms() + last_bytes_ms;
    }
  }
}

int connect_link(void) {
  char *path = text("%s/holder.sock", run_dir());
  int socket = reach(path);
  if (socket < 0) fail("no holder can be reached at %s: %s", path, strerror(errno));
  signal(SIGPIPE, SIG_IGN);
  up.from = STDIN_FILENO;
  up.to = down.from = socket;
  down.to = STDOUT_FILENO;
  not_blocking(STDIN_FILENO);
  not_blocking(STDOUT_FILENO);
  not_blocking(socket);
  /* Where the system allows it: fewer turns of all that hands a flood on. The link's credits bound what is under way. */
  fcntl(STDOUT_FILENO, F_SETPIPE_SZ, carried_bytes);
  carry_both(socket);
  return 0;
}
