/*
 * Makes short lives, one after the other. Each is a process that is in a namespace of its own for so
 * many microseconds and exits, without ever running another program.
 *
 *   burst KIND COUNT LIFE_US [PER_SECOND]
 *
 *   unshare                           unshares its uts namespace
 *   ipc, mnt, net, user, cgroup       unshares that one
 *   pid, time                         unshares it and makes a child, which is the one that is in it
 *   setns                             joins the uts namespace of a process that outlives them all
 *   clone                             begins in a new uts namespace
 *   fork                              is in none of its own
 *   mixed                             one of the above after the other, but for fork
 *
 * Says "made N" at the end: how many lives went as they should.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

enum how { UNSHARES, HAS_A_CHILD, JOINS, BEGINS, NOTHING };

struct kind {
    const char *name;
    enum how how;
    int flag;
};

static const struct kind kinds[] = {
    {"unshare", UNSHARES, CLONE_NEWUTS},  {"ipc", UNSHARES, CLONE_NEWIPC},     {"mnt", UNSHARES, CLONE_NEWNS},
    {"net", UNSHARES, CLONE_NEWNET},      {"user", UNSHARES, CLONE_NEWUSER},   {"cgroup", UNSHARES, CLONE_NEWCGROUP},
    {"pid", HAS_A_CHILD, CLONE_NEWPID},   {"time", HAS_A_CHILD, CLONE_NEWTIME}, {"setns", JOINS, CLONE_NEWUTS},
    {"clone", BEGINS, CLONE_NEWUTS},      {"fork", NOTHING, 0},
};
enum { KINDS = sizeof kinds / sizeof *kinds, MIXED = KINDS - 1 };

static void live(int micros) {
    struct timespec time = {micros / 1000000, micros % 1000000 * 1000L};
    if (micros)
        nanosleep(&time, NULL);
}

static int succeeds(pid_t pid) {
    int status;
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* One life, from its first moment on. */
static void be(const struct kind *kind, int micros, int to) {
    int failed = 0;
    if (kind->how == UNSHARES || kind->how == HAS_A_CHILD)
        failed = unshare(kind->flag) < 0;
    else if (kind->how == JOINS)
        failed = setns(to, kind->flag) < 0;
    if (!failed && kind->how == HAS_A_CHILD) {
        pid_t child = fork();
        if (child == 0) {
            live(micros);
            _exit(0);
        }
        failed = !succeeds(child);
    } else if (!failed) {
        live(micros);
    }
    _exit(failed);
}

/* A life of nothing in nothing new, which copies no page tables: the most that one core can raise. */
static int forks(void) {
    pid_t pid = vfork();
    if (pid == 0)
        _exit(0);
    return succeeds(pid);
}

static int makes(const struct kind *kind, int micros, int to) {
    int flags = kind->how == BEGINS ? kind->flag : 0;
    if (kind->how == NOTHING && !micros)
        return forks();
    pid_t pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0)
        be(kind, micros, to);
    return succeeds(pid);
}

/* A process in a uts namespace of its own that does nothing; its namespace. */
static int keep_one(pid_t *keeper) {
    int ready[2];
    char byte, path[64];
    if (pipe(ready) < 0)
        return -1;
    *keeper = fork();
    if (*keeper == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (unshare(CLONE_NEWUTS) == 0)
            write(ready[1], "", 1);
        close(ready[1]);
        for (;;)
            pause();
    }
    close(ready[1]);
    int unshared = read(ready[0], &byte, 1) == 1;
    close(ready[0]);
    snprintf(path, sizeof path, "/proc/%d/ns/uts", *keeper);
    return unshared ? open(path, O_RDONLY | O_CLOEXEC) : -1;
}

/* Waits until the life of this number is due. */
static void pace(const struct timespec *began, int number, int per_second) {
    long long nanos = began->tv_nsec + number * 1000000000LL / per_second;
    struct timespec due = {began->tv_sec + nanos / 1000000000, nanos % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
}

int main(int count, char **words) {
    int kind = 0, made = 0, to = -1;
    pid_t keeper = 0;
    while (count > 3 && kind < KINDS && strcmp(words[1], kinds[kind].name))
        kind++;
    int mixed = kind == KINDS && !strcmp(words[1], "mixed");
    if (count < 4 || (kind == KINDS && !mixed)) {
        fprintf(stderr, "burst KIND COUNT LIFE_US [PER_SECOND]\n");
        return 2;
    }
    int lives = atoi(words[2]), micros = atoi(words[3]), per_second = count > 4 ? atoi(words[4]) : 0;
    struct timespec began;
    clock_gettime(CLOCK_MONOTONIC, &began);
    prctl(PR_SET_TIMERSLACK, 1000); /* 50 us by default, which is as long as the shortest lives. */
    if (mixed || kinds[kind].how == JOINS)
        to = keep_one(&keeper);
    for (int i = 0; i < lives; i++) {
        if (per_second)
            pace(&began, i, per_second);
        made += makes(&kinds[mixed ? i % MIXED : kind], micros, to);
    }
    if (keeper > 0) {
        kill(keeper, SIGKILL);
        waitpid(keeper, NULL, 0);
    }
    printf("made %d\n", made);
}
