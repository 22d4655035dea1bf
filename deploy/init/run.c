#include "init.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Each program weighs this much more than the holder when memory runs out: it goes first. */
enum { sooner = 100, soonest = 1000 };

/* The holder's PTYs lack close-on-exec: without this every program could read and write the terminals before it. */
static void close_inherited(void) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, 3U, ~0U, 0U) == 0) return;
#endif
  DIR *open_files = opendir("/proc/self/fd");
  if (open_files == NULL) return;
  for (struct dirent *entry; (entry = readdir(open_files)) != NULL;) {
    int fd = atoi(entry->d_name);
    if (fd > STDERR_FILENO && fd != dirfd(open_files)) close(fd);
  }
  closedir(open_files);
}

static void weigh_more(void) {
  FILE *file = fopen("/proc/self/oom_score_adj", "r+e");
  if (file == NULL) return;
  int weight = 0;
  if (fscanf(file, "%d", &weight) == 1) {
    rewind(file);
    fprintf(file, "%d", weight + sooner > soonest ? soonest : weight + sooner);
  }
  fclose(file);
}

int run(char **argv) {
  /* The holder's own files are the owner's alone; what programs make may be packed and served to others. */
  umask(022);
  close_inherited();
  weigh_more();
  execvp(argv[0], argv);
  int why = errno;
  dprintf(STDERR_FILENO, "cannot start %s: %s\n", argv[0], strerror(why));
  return why == ENOENT ? 127 : 126;
}
