/*
 * enter TYPE clone|unshare|setns
 *
 * A namespace of this type begins, gets its members in this way, and ends with the last of them.
 */
#include "truth.h"

int main(int count, char **args) {
    const struct kind *k = kind_of(args[1]);
    int clone = !strcmp(args[2], "clone"), setns = !strcmp(args[2], "setns");
    (void)count;
    since_now();
    struct member first = clone ? by_clone(k) : by_unshare(k);
    struct name n = made(k, first, clone ? "fork" : unshare_cause(k));
    int created = await_created(n);
    if (setns) {
        int fd = open_namespace(first.pid, k->name);
        struct member second = by_setns(k, fd);
        close(fd);
        say_of("joined", k, n, second.pid, k->flag == CLONE_NEWPID ? "fork" : "setns");
        await_join(second.pid);
        end(second);
    }
    released(k, n);
    end(first);
    if (created)
        await_destroyed(n);
    return 0;
}
