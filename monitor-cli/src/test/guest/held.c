/*
 * held mount|descriptor|socket TYPE
 *
 * A namespace loses its only member while something else holds it: a bind mount, an open descriptor, or
 * (of net) a socket. nsmon has time to err; then the holder goes as well.
 */
#include "truth.h"

static void pass(int over, int fd) {
    char byte = 0, control[CMSG_SPACE(sizeof fd)] = {0};
    struct iovec io = {&byte, 1};
    struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
    sendmsg(over, &m, 0);
}

static int take(int over) {
    char byte, control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec io = {&byte, 1};
    struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    int fd = -1;
    if (recvmsg(over, &m, 0) > 0)
        memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof fd);
    return fd;
}

/* A child that makes a net namespace, hands a socket of it over, and stays. */
static struct member with_socket(int *socket_of_it) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair))
        die("socketpair");
    pid_t pid = fork();
    if (!pid) {
        if (unshare(CLONE_NEWNET))
            _exit(1);
        int s = socket(AF_INET, SOCK_DGRAM, 0);
        pass(pair[1], s);
        close(s);
        close(pair[0]);
        close(pair[1]);
        stay();
    }
    *socket_of_it = take(pair[0]);
    close(pair[0]);
    close(pair[1]);
    return (struct member){pid, pid};
}

int main(int count, char **args) {
    const char *holder = args[1];
    const struct kind *k = kind_of(args[2]);
    struct member m;
    char from[64], path[64];
    int fd = -1;
    (void)count;
    since_now();
    if (!strcmp(holder, "socket"))
        m = with_socket(&fd);
    else
        m = by_unshare(k);
    struct name n = made(k, m, unshare_cause(k));
    await_created(n);
    if (!strcmp(holder, "mount")) {
        snprintf(from, sizeof from, "/proc/%d/ns/%s", m.pid, k->name);
        snprintf(path, sizeof path, "/run/held.%s", k->name);
        close(open(path, O_CREAT | O_WRONLY, 0644));
        if (mount(from, path, NULL, MS_BIND, NULL))
            die("mount");
    } else if (!strcmp(holder, "descriptor")) {
        fd = open_namespace(m.pid, k->name);
    }
    end(m);
    await_marker();
    usleep(500000);
    released(k, n);
    if (fd >= 0)
        close(fd);
    else
        umount(path);
    await_destroyed(n);
    return 0;
}
