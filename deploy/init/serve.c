#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char *const directories[] = {"repositories", "sessions", "ended", "uploads", "home", ".trellis"};

/* Only the owner's: in a pod that is the one uid that everything runs as. */
static void make_directory(const char *path) {
  if (mkdir(path, 0700) == 0 || errno == EEXIST) return;
  if (errno != ENOSPC && errno != EDQUOT) fail("%s cannot be made: %s", path, strerror(errno));
  /* A person who is to mend a full volume needs a terminal for it. */
  say("%s cannot be made: the volume is full", path);
}

static void prepare(void) {
  const char *workspace = workspace_dir();
  umask(077);
  if (access(workspace, F_OK) != 0) fail("%s is not there: the pod needs a volume at it", workspace);
  if (access(workspace, W_OK | X_OK) != 0) {
    if (errno == EROFS) fail("%s is mounted read-only", workspace);
    fail("%s cannot be written by uid %d: the pod needs fsGroup %d, or a volume of that owner", workspace,
         (int)getuid(), (int)getgid());
  }
  struct statvfs volume;
  if (statvfs(workspace, &volume) == 0 && volume.f_blocks > 0 && volume.f_bavail == 0)
    say("%s is full: terminals keep their output in memory only until something is removed", workspace);
  for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
    char *path = text("%s/%s", workspace, directories[i]);
    make_directory(path);
    free(path);
  }
  make_directory(run_dir());
  if (access(run_dir(), W_OK | X_OK) != 0) fail("%s cannot be written: %s", run_dir(), strerror(errno));
}

static void set(const char *name, char *value) {
  if (setenv(name, value, 1) != 0) fail("the environment cannot be set: %s", strerror(errno));
  free(value);
}

/* What the image and the pod give to programs, and what makes it a login. Nothing of the cluster is theirs. */
static void complete_environment(void) {
  static const char prefix[] = "KUBERNETES_";
  for (char **entry = environ; *entry != NULL;) {
    if (strncmp(*entry, prefix, sizeof prefix - 1) != 0) {
      entry++;
      continue;
    }
    char *name = strndup(*entry, strcspn(*entry, "="));
    if (name == NULL || unsetenv(name) != 0) fail("the environment cannot be set: %s", strerror(errno));
    free(name);
    /* The list has moved. */
    entry = environ;
  }
  const char *path = getenv("PATH");
  if (path == NULL || *path == '\0') path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  set("PATH", text("%s/bin:%s", own_dir(), path));
  set("HOME", text("%s/home", workspace_dir()));
  set("USER", text("trellis"));
  set("LOGNAME", text("trellis"));
}

/*
 * The environment of programs, on a descriptor: the holder itself runs with none of it, for an image may set what its
 * own programs need and our Node must not see (LD_PRELOAD, NODE_OPTIONS).
 */
static int environment_for_programs(void) {
  complete_environment();
  int fd = memfd_create("environment", 0);
  if (fd < 0) fail("memory cannot be had: %s", strerror(errno));
  for (char **entry = environ; *entry != NULL; entry++)
    if (!write_all(fd, *entry, strlen(*entry) + 1)) fail("memory cannot be had: %s", strerror(errno));
  return fd;
}

static char *read_version(void) {
  char *path = text("%s/holder/version", own_dir());
  char word[64] = {0};
  FILE *file = fopen(path, "re");
  if (file == NULL || fscanf(file, "%63s", word) != 1) fail("%s cannot be read: is the image whole?", path);
  fclose(file);
  free(path);
  return text("%s", word);
}

/* Through a loader and libraries of our own: the image may have others, older ones, or none. */
static noreturn void become_holder(int environment) {
  const char *root = own_dir();
  char *loader = text("%s/node/loader", root);
  char *arguments[] = {
      loader,
      "--library-path",
      text("%s/node/lib", root),
      text("%s/node/node", root),
      text("%s/holder/holder.mjs", root),
      "serve",
      "--socket",
      text("%s/holder.sock", run_dir()),
      "--credentials",
      text("%s/sign-in.sock", run_dir()),
      "--dir",
      text("%s/.trellis/holder", workspace_dir()),
      "--lock",
      text("%s/lock", run_dir()),
      "--version",
      read_version(),
      "--environment",
      text("/proc/self/fd/%d", environment),
      "--launcher",
      text("%s/init", root),
      NULL,
  };
  char *clean[] = {text("HOME=%s/home", workspace_dir()), "PATH=/usr/bin:/bin", "LANG=C.UTF-8", NULL};
  execve(loader, arguments, clean);
  fail("%s cannot be run: %s", loader, strerror(errno));
}

static pid_t start_holder(const sigset_t *waited) {
  int environment = environment_for_programs();
  pid_t holder = fork();
  if (holder < 0) fail("the holder cannot be started: %s", strerror(errno));
  if (holder > 0) {
    close(environment);
    return holder;
  }
  sigprocmask(SIG_UNBLOCK, waited, NULL);
  /* Where we are not the first process, nobody else would end it. */
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  become_holder(environment);
}

/* Takes every child that ended. True once the holder did, with its status as our own. */
static bool reap(pid_t holder, int *exit_status) {
  bool ended = false;
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    if (pid != holder) continue;
    ended = true;
    if (WIFSIGNALED(status)) {
      const int number = WTERMSIG(status);
      say("the holder ended by signal %d%s", number, number == SIGKILL ? ": was the pod's memory used up?" : "");
      *exit_status = 128 + number;
    } else {
      *exit_status = WEXITSTATUS(status);
      if (*exit_status != 0) say("the holder ended with status %d", *exit_status);
    }
  }
  return ended;
}

int serve(void) {
  sigset_t waited;
  sigemptyset(&waited);
  const int signals[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaddset(&waited, signals[i]);
  /* Blocked before the first child: none of them is missed. */
  sigprocmask(SIG_BLOCK, &waited, NULL);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prepare();
  const pid_t holder = start_holder(&waited);
  for (;;) {
    const int got = sigwaitinfo(&waited, NULL);
    int exit_status = 0;
    if (got == SIGCHLD && reap(holder, &exit_status)) return exit_status;
    if (got > 0 && got != SIGCHLD && got != SIGHUP) kill(holder, SIGTERM);
  }
}
