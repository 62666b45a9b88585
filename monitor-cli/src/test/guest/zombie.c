/*
 * zombie
 *
 * The only member of a user, a pid and a uts namespace exits and is not reaped for a while: it lets go of
 * the uts namespace at its exit, of the other two when it is reaped.
 */
#include "truth.h"

int main(void) {
    const struct kind *user = kind_of("user"), *pid = kind_of("pid"), *uts = kind_of("uts");
    since_now();
    pid_t child = clone_into(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWUTS);
    if (!child)
        stay();
    if (child < 0)
        die("clone3");
    struct member m = {child, child};
    struct name in_user = made(user, m, "fork"), in_pid = made(pid, m, "fork"), in_uts = made(uts, m, "fork");
    await_created(in_user);
    released(uts, in_uts);
    kill(child, SIGKILL);
    siginfo_t info;
    waitid(P_PID, child, &info, WEXITED | WNOWAIT);
    await_destroyed(in_uts);
    await_marker();
    usleep(500000);
    released(pid, in_pid);
    released(user, in_user);
    end(m);
    await_destroyed(in_pid);
    await_destroyed(in_user);
    return 0;
}
