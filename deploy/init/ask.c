#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

enum { most_bytes = 64 * 1024, answer_seconds = 10 };

/* All until the end of `fd`, as text. NULL when it is longer than any credential, or breaks. */
static char *read_text(int fd) {
  char *bytes = malloc(most_bytes + 1);
  if (bytes == NULL) return NULL;
  size_t length = 0;
  while (length < most_bytes) {
    ssize_t count = read(fd, bytes + length, most_bytes - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    if (count == 0) {
      bytes[length] = '\0';
      return bytes;
    }
    length += (size_t)count;
  }
  free(bytes);
  return NULL;
}

/* Lines of `name=value`, as git writes and reads them. NULL when the holder does not answer. */
static char *ask(const char *question) {
  char *path = text("%s/sign-in.sock", run_dir());
  int fd = connect_to(path);
  free(path);
  if (fd < 0) return NULL;
  const struct timeval limit = {.tv_sec = answer_seconds};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  char *answer = NULL;
  if (write_all(fd, question, strlen(question)) && shutdown(fd, SHUT_WR) == 0) answer = read_text(fd);
  close(fd);
  return answer;
}

/* `git-credential-trellis <repository> get`. git keeps nothing with us: `store` and `erase` have nothing to do. */
int git_credential(int argc, char **argv) {
  if (argc != 3) {
    fputs("usage: git-credential-trellis <repository> get|store|erase\n", stderr);
    return 2;
  }
  if (strcmp(argv[2], "get") != 0) return 0;
  char *wanted = read_text(STDIN_FILENO);
  if (wanted == NULL) fail("git's question cannot be read");
  char *answer = ask(text("op=get\nrepository=%s\n%s\n", argv[1], wanted));
  if (answer == NULL) fail("no credential: the holder does not answer");
  return write_all(STDOUT_FILENO, answer, strlen(answer)) ? 0 : 1;
}

/* What the answer says of `name`; NULL when it says nothing. */
static char *value_of(const char *answer, const char *name) {
  const size_t length = strlen(name);
  for (const char *line = answer; *line != '\0'; line += strcspn(line, "\n"), line += *line == '\n')
    if (strncmp(line, name, length) == 0 && line[length] == '=')
      return strndup(line + length + 1, strcspn(line + length + 1, "\n"));
  return NULL;
}

/* What a person set themselves holds. */
static void give(const char *name, const char *value) { setenv(name, value, 0); }

static void sign_in(const char *tool) {
  char *answer = ask(text("op=tool\ntool=%s\n\n", tool));
  if (answer == NULL) return;
  const char *token = value_of(answer, "password");
  const char *host = value_of(answer, "host");
  const char *origin = value_of(answer, "origin");
  if (token == NULL || host == NULL || origin == NULL) return;
  if (strcmp(tool, "glab") == 0) {
    give("GITLAB_TOKEN", token);
    give("GITLAB_HOST", origin);
  } else if (strcmp(tool, "tea") == 0) {
    /* The first two are a login by themselves; `tea login add` reads the others. */
    give("GITEA_INSTANCE_URL", origin);
    give("GITEA_TOKEN", token);
    give("GITEA_SERVER_URL", origin);
    give("GITEA_SERVER_TOKEN", token);
  } else if (strcmp(host, "github.com") == 0) {
    give("GH_TOKEN", token);
  } else {
    give("GH_ENTERPRISE_TOKEN", token);
    give("GH_HOST", host);
  }
}

static bool is_this_program(const char *path) {
  struct stat found, own;
  return stat(path, &found) == 0 && stat("/proc/self/exe", &own) == 0 && found.st_dev == own.st_dev &&
         found.st_ino == own.st_ino;
}

/* The next program of this name in PATH, signed in with what the repository's host holds. */
int forge_tool(const char *name, char **argv) {
  const char *path = getenv("PATH");
  char *folders = text("%s", path == NULL ? "" : path);
  for (char *folder = strtok(folders, ":"); folder != NULL; folder = strtok(NULL, ":")) {
    char *candidate = text("%s/%s", folder, name);
    if (access(candidate, X_OK) == 0 && !is_this_program(candidate)) {
      sign_in(name);
      execv(candidate, argv);
      fail("%s cannot be run: %s", candidate, strerror(errno));
    }
    free(candidate);
  }
  say("%s is not in this image", name);
  return 127;
}
