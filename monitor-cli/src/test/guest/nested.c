/*
 * nested DEPTH
 *
 * Pid namespaces one in the other, so deep, that end together; at once three more, one after the other,
 * which get the inodes of those before.
 */
#include "truth.h"

static int ends[2];

static void report_host_pid(void) {
    char self[16] = {0};
    if (readlink("/proc/self", self, sizeof self - 1) < 0)
        _exit(1);
    pid_t pid = atoi(self);
    if (write(ends[1], &pid, sizeof pid) < 0)
        _exit(1);
}

static void descend(int depth) {
    report_host_pid();
    if (depth == 1) {
        usleep(50000);
        return;
    }
    pid_t pid = clone_into(CLONE_NEWPID);
    if (!pid) {
        descend(depth - 1);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
}

int main(int count, char **args) {
    int depth = atoi(args[1]);
    pid_t member;
    (void)count;
    if (pipe(ends))
        die("pipe");
    pid_t first = clone_into(CLONE_NEWPID);
    if (!first) {
        descend(depth);
        _exit(0);
    }
    waitpid(first, NULL, 0);
    close(ends[1]);
    for (int i = 0; i < depth; i++) {
        if (read(ends[0], &member, sizeof member) != sizeof member)
            die("clone3");
        say("life type=pid member=%d cause=fork", member);
    }
    for (int i = 0; i < 3; i++) {
        pid_t next = clone_into(CLONE_NEWPID);
        if (!next) {
            usleep(20000);
            _exit(0);
        }
        waitpid(next, NULL, 0);
        say("life type=pid member=%d cause=fork", next);
    }
    return 0;
}
