#include "init.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage:\n"
    "  init serve               the first process of a repo pod\n"
    "  init connect             carries standard input and output to and from the holder\n"
    "  init install <directory> copies all of this program's directory into it\n"
    "  init run <program> ...   starts a program with no open file but its standard ones\n"
    "also called by the names git-credential-trellis, gh, glab and tea\n";

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

int main(int argc, char **argv) {
  const char *name = argc > 0 ? last_part(argv[0]) : "init";
  if (strcmp(name, "git-credential-trellis") == 0) return git_credential(argc, argv);
  if (strcmp(name, "gh") == 0 || strcmp(name, "glab") == 0 || strcmp(name, "tea") == 0) return forge_tool(name, argv);

  const char *verb = argc > 1 ? argv[1] : "";
  if (strcmp(verb, "serve") == 0 && argc == 2) return serve();
  if (strcmp(verb, "connect") == 0 && argc == 2) return connect_link();
  if (strcmp(verb, "install") == 0 && argc == 3) return install(argv[2]);
  if (strcmp(verb, "run") == 0 && argc > 2) return run(argv + 2);
  fputs(usage, stderr);
  return 2;
}
