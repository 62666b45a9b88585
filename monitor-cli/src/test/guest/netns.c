/*
 * netns
 *
 * ip netns add, exec and delete: the process that makes the net namespace ends at once, and a bind mount
 * holds it.
 */
#include "truth.h"

static pid_t run(char **command) {
    pid_t pid = fork();
    if (!pid) {
        execvp(command[0], command);
        _exit(127);
    }
    return pid;
}

int main(void) {
    const struct kind *net = kind_of("net"), *mnt = kind_of("mnt");
    int status;
    since_now();
    pid_t adds = run((char *[]){"ip", "netns", "add", "guest", NULL});
    waitpid(adds, &status, 0);
    if (status)
        die("ip netns add");
    int fd = open("/run/netns/guest", O_RDONLY | O_CLOEXEC);
    struct name n = name_of_fd(fd);
    close(fd);
    say_of("made", net, n, adds, "unshare");
    /* It went back to where it was before it ended, or just ended: that depends on its version. */
    await_marker();

    /* It mounts /sys anew in a mount namespace of its own, and then becomes the command. */
    since_now();
    pid_t runs = run((char *[]){"ip", "netns", "exec", "guest", "sleep", "1000", NULL});
    char pid[32];
    snprintf(pid, sizeof pid, "\"pid\":%d,", runs);
    await(3, "\"mnt\":{", pid);
    struct member m = {runs, runs};
    say_of("joined", net, n, runs, "setns");
    struct name its_mnt = made(mnt, m, "unshare");
    released(mnt, its_mnt);
    end(m);
    await_destroyed(its_mnt);

    released(net, n);
    waitpid(run((char *[]){"ip", "netns", "delete", "guest", NULL}), NULL, 0);
    await_destroyed(n);
    return 0;
}
