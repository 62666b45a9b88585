/*
 * overrun PID RECORDS
 *
 * Stops nsmon, which has this pid, while the kernel writes so many records: more than its ring of one CPU
 * holds. Meanwhile one namespace ends and another begins.
 */
#include "truth.h"

static void await_stop(pid_t pid) {
    char path[64], stat[256] = {0};
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    do {
        usleep(1000);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || read(fd, stat, sizeof stat - 1) < 0)
            die("nsmon");
        close(fd);
    } while (strncmp(strrchr(stat, ')'), ") T", 3));
}

int main(int count, char **args) {
    const struct kind *uts = kind_of("uts"), *net = kind_of("net");
    pid_t nsmon = atoi(args[1]);
    int records = atoi(args[2]);
    (void)count;
    since_now();
    struct member before = by_unshare(uts);
    struct name ended = made(uts, before, "unshare");
    await_created(ended);
    kill(nsmon, SIGSTOP);
    await_stop(nsmon);
    say("lost most=%d", records + 1000);
    pid_t floods = fork();
    if (!floods) {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(0, &one);
        sched_setaffinity(0, sizeof one, &one);
        /* It changes nothing, but the kernel writes a record of the caller's namespaces each time. */
        for (int i = 0; i < records; i++)
            unshare(0);
        _exit(0);
    }
    waitpid(floods, NULL, 0);
    /* In this order, so that it does not get the inode of the other: that would show its end too soon. */
    struct name begun = made(net, by_unshare(net), "any");
    released(uts, ended);
    end(before);
    kill(nsmon, SIGCONT);
    await(20, "\"kind\":\"events-lost\"", "");
    await_kind("created", begun, 20);
    await_destroyed(ended);
    return 0;
}
