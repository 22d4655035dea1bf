#include "init.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char *setting(const char *name, const char *usual) {
  const char *value = getenv(name);
  return value != NULL && value[0] == '/' ? value : usual;
}

const char *workspace_dir(void) { return setting("TRELLIS_WORKSPACE", "/workspace"); }
const char *run_dir(void) { return setting("TRELLIS_RUN", "/run/trellis"); }

const char *own_dir(void) {
  static char path[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length < 0) fail("/proc/self/exe cannot be read: %s", strerror(errno));
  path[length] = '\0';
  char *slash = strrchr(path, '/');
  if (slash != NULL) *slash = '\0';
  return path;
}

char *text(const char *format, ...) {
  va_list arguments;
  char *made = NULL;
  va_start(arguments, format);
  int length = vasprintf(&made, format, arguments);
  va_end(arguments);
  if (length < 0) abort();
  return made;
}

static void say_line(const char *format, va_list arguments) {
  char line[1024];
  int length = vsnprintf(line, sizeof line, format, arguments);
  if (length < 0) return;
  /* One write, so that lines of two programs do not mix. */
  dprintf(STDERR_FILENO, "trellis: %s\n", line);
}

void say(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  say_line(format, arguments);
  va_end(arguments);
}

noreturn void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  say_line(format, arguments);
  va_end(arguments);
  exit(1);
}

int connect_to(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
  int why = errno;
  close(fd);
  errno = why;
  return -1;
}

bool write_all(int fd, const void *bytes, size_t length) {
  const char *next = bytes;
  while (length > 0) {
    ssize_t written = write(fd, next, length);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    next += written;
    length -= (size_t)written;
  }
  return true;
}
