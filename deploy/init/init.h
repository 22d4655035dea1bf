/*
 * The one static program of a repo pod: its first process, the carrier of the server's link, and the small tools that
 * programs there call. Static, and in C, because it must run in any image, however little stands in it.
 */
#ifndef TRELLIS_INIT_H
#define TRELLIS_INIT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>

/* The pod's volume, and a directory of this pod alone that holds the sockets. Both can be moved by the environment. */
const char *workspace_dir(void);
const char *run_dir(void);

/* The directory that this program stands in, with all that belongs to it. */
const char *own_dir(void);

/* A formatted text of its own. Out of memory ends the program: it holds nothing that could be saved. */
char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One line on standard error, which in the pod is its log. `fail` then exits with 1. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A socket that is connected, or -1 with errno. */
int connect_to(const char *path);

/* All of `bytes`, or false with errno. */
bool write_all(int fd, const void *bytes, size_t length);

/* The verbs; each gives the exit status. */
int serve(void);
int connect_link(void);
int install(const char *target);
int run(char **argv);
int git_credential(int argc, char **argv);
int forge_tool(const char *name, char **argv);

#endif
