/*
 * opentree
 *
 * A mount namespace that open_tree() makes (OPEN_TREE_NAMESPACE, Linux 7.0): no process was ever in it, a
 * descriptor holds it from the first moment.
 */
#include "truth.h"

#define OPEN_TREE_NAMESPACE 2

int main(void) {
    const struct kind *mnt = kind_of("mnt");
    since_now();
    int fd = syscall(SYS_open_tree, AT_FDCWD, "/tmp", OPEN_TREE_NAMESPACE | O_CLOEXEC);
    if (fd < 0 && errno == EINVAL) {
        say("absent open_tree makes no namespaces here");
        return 0;
    }
    if (fd < 0)
        die("open_tree");
    struct name n = name_of_fd(fd);
    say_of("made", mnt, n, getpid(), "any");
    int created = await_created(n);
    released(mnt, n);
    close(fd);
    if (created)
        await_destroyed(n);
    return 0;
}
