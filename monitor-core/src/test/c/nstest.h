/* What the files of nstest share: see nstest.c. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

struct clone3_args { /* struct clone_args, as far as it is needed (linux/sched.h) */
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size;
};

/* answers.c */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void result(int failed);
int flags_of(const char *types);
int open_ns(int pid, const char *type);
uint64_t id_of(int ns);
void say_id(int ns);
void alive(const char *type, uint64_t id, uint32_t inode);

/* children.c */
void clone_child(const char *types, int depth, int tid, int keep);
void kill_child(int pid, int reap);
void storm(const char *type, int count, int micros, int children, const char *file);

/* connector.c */
void forks(int count);
void spoof(int port, int groups, int child);

/* threads.c */
void init_threads(void);
void start_thread(int to, int flags);
void again(int tid, int times);
void end_thread(int tid);
void exec_in_thread(void);
