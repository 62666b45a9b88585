/* Children in namespaces of their own. */
#include "nstest.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* A child in new namespaces, and one below it in new ones again, and so on; they do nothing. */
static pid_t spawn(int flags, int depth, int tid, int ready, int keep) {
    pid_t set_tid = tid;
    struct clone3_args args = {.flags = flags, .exit_signal = SIGCHLD};
    if (tid) {
        args.set_tid = (uintptr_t)&set_tid;
        args.set_tid_size = 1;
    }
    pid_t pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(0);
        close(1);
        if (!keep) {
            close_range(3, ready - 1, 0);
            close_range(ready + 1, ~0U, 0);
        }
        if (depth == 1 || spawn(flags, depth - 1, 0, ready, keep) < 0)
            write(ready, "", 1);
        close(ready);
        for (;;)
            pause();
    }
    return pid;
}

void clone_child(const char *types, int depth, int tid, int keep) {
    int ready[2];
    char byte;
    if (pipe(ready) < 0) {
        result(1);
        return;
    }
    pid_t pid = spawn(flags_of(types), depth, tid, ready[1], keep);
    int error = errno;
    close(ready[1]);
    if (pid > 0)
        read(ready[0], &byte, 1);
    close(ready[0]);
    errno = error;
    if (pid < 0)
        result(1);
    else
        say("ok %d", pid);
}

void kill_child(int pid, int reap) {
    siginfo_t info;
    int failed = kill(pid, SIGKILL) < 0;
    if (!failed)
        failed = waitid(P_PID, pid, &info, WEXITED | (reap ? 0 : WNOWAIT)) < 0 && errno != ECHILD;
    result(failed);
}

static uint64_t own_id(const char *type) {
    int ns = open_ns(getpid(), type);
    uint64_t id = id_of(ns);
    close(ns);
    return id;
}

/* Makes namespaces one after the other, each in a child or (children = 0) for itself, each for so
   many microseconds, and writes down their ids. */
void storm(const char *type, int count, int micros, int children, const char *file) {
    struct clone3_args args = {.flags = flags_of(type), .exit_signal = SIGCHLD};
    uint64_t *ids = mmap(NULL, count * sizeof *ids, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int failed = 0;
    for (int i = 0; i < count && !failed; i++) {
        pid_t pid = children ? syscall(SYS_clone3, &args, sizeof args) : unshare(args.flags);
        if (pid == 0) {
            ids[i] = own_id(type);
            if (micros)
                usleep(micros);
            if (children)
                _exit(0);
        }
        failed = pid < 0 || (children && waitpid(pid, NULL, 0) < 0);
    }
    int error = errno;
    FILE *out = fopen(file, "w");
    for (int i = 0; out && i < count; i++)
        fprintf(out, "%llu\n", (unsigned long long)ids[i]);
    failed |= !out || fclose(out);
    munmap(ids, count * sizeof *ids);
    errno = error;
    result(failed);
}
