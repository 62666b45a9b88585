/*
 * child user|pid|owned
 *
 * A namespace without a member that another namespace holds:
 *   user    its child, into which its only member has moved on
 *   pid     its child, which has no member either: a descriptor holds that
 *   owned   a net namespace that this user namespace owns, with a member from outside
 */
#include "truth.h"

static void hold(void) {
    await_marker();
    usleep(500000);
}

static void write_to(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        _exit(1);
    close(fd);
}

/* Only a user that has a name in a user namespace may make another in it. */
static void map_root(void) {
    write_to("/proc/self/setgroups", "deny");
    write_to("/proc/self/uid_map", "0 0 1");
    write_to("/proc/self/gid_map", "0 0 1");
}

static void moved_on(void) {
    const struct kind *user = kind_of("user");
    int ends[2], go[2];
    char byte;
    if (pipe(ends) || pipe(go))
        die("pipe");
    pid_t pid = fork();
    if (!pid) {
        if (unshare(CLONE_NEWUSER))
            _exit(1);
        map_root();
        if (write(ends[1], "", 1) < 0 || read(go[0], &byte, 1) < 0 || unshare(CLONE_NEWUSER) || write(ends[1], "", 1) < 0)
            _exit(1);
        stay();
    }
    close(ends[1]);
    struct member m = {pid, pid};
    if (read(ends[0], &byte, 1) != 1)
        die("unshare");
    struct name outer = made(user, m, "unshare");
    await_created(outer);
    if (write(go[1], "", 1) < 0 || read(ends[0], &byte, 1) != 1)
        die("unshare again");
    struct name inner = made(user, m, "unshare");
    await_created(inner);
    hold();
    released(user, inner);
    released(user, outer);
    end(m);
    await_destroyed(inner);
    await_destroyed(outer);
}

static void nested(void) {
    const struct kind *pid = kind_of("pid");
    int ends[2];
    if (pipe(ends))
        die("pipe");
    pid_t first = clone_into(CLONE_NEWPID);
    if (!first) {
        pid_t second = clone_into(CLONE_NEWPID);
        if (!second) {
            /* /proc is of the outermost pid namespace: it shows this process's pid there. */
            char self[16] = {0};
            if (readlink("/proc/self", self, sizeof self - 1) < 0)
                _exit(1);
            pid_t host = atoi(self);
            if (write(ends[1], &host, sizeof host) < 0)
                _exit(1);
        }
        stay();
    }
    close(ends[1]);
    struct member outer_member = {first, first}, inner_member = {0, 0};
    if (read(ends[0], &inner_member.pid, sizeof inner_member.pid) <= 0)
        die("clone3");
    struct name outer = made(pid, outer_member, "fork");
    struct name inner = made(pid, inner_member, "fork");
    await_created(inner);
    int fd = open_namespace(inner_member.pid, "pid");
    end(outer_member);
    say("left member=%d", inner_member.pid);
    hold();
    released(pid, inner);
    released(pid, outer);
    close(fd);
    await_destroyed(inner);
    await_destroyed(outer);
}

static void owned(void) {
    const struct kind *user = kind_of("user"), *net = kind_of("net");
    pid_t pid = clone_into(CLONE_NEWUSER | CLONE_NEWNET);
    if (!pid)
        stay();
    if (pid < 0)
        die("clone3");
    struct member m = {pid, pid};
    struct name owner = made(user, m, "fork"), owned = made(net, m, "fork");
    await_created(owner);
    int fd = open_namespace(pid, "net");
    struct member other = by_setns(net, fd);
    close(fd);
    say_of("joined", net, owned, other.pid, "setns");
    end(m);
    hold();
    released(net, owned);
    released(user, owner);
    end(other);
    await_destroyed(owned);
    await_destroyed(owner);
}

int main(int count, char **args) {
    (void)count;
    since_now();
    if (!strcmp(args[1], "user"))
        moved_on();
    else if (!strcmp(args[1], "pid"))
        nested();
    else
        owned();
    return 0;
}
