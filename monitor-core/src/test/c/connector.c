/* What the proc connector tells of, and what only looks like it. */
#include "nstest.h"

#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* Children, one after the other, that do nothing: without page tables, which cost far more than the rest. */
void forks(int count) {
    for (int i = 0; i < count; i++) {
        pid_t pid = vfork();
        if (pid == 0)
            _exit(0);
        if (pid < 0 || waitpid(pid, NULL, 0) < 0) {
            result(1);
            return;
        }
    }
    say("ok");
}

/* Says that this process has forked, as the kernel would: to a socket, or to all that listen. */
void spoof(int port, int groups, int child) {
    struct {
        struct nlmsghdr head;
        char rest[sizeof(struct cn_msg) + sizeof(struct proc_event)];
    } datagram = {{sizeof datagram, NLMSG_DONE}, ""};
    struct cn_msg *message = NLMSG_DATA(&datagram.head);
    struct proc_event event = {PROC_EVENT_FORK};
    message->id = (struct cb_id){CN_IDX_PROC, CN_VAL_PROC};
    message->len = sizeof event;
    event.event_data.fork.parent_pid = event.event_data.fork.parent_tgid = getpid();
    event.event_data.fork.child_pid = event.event_data.fork.child_tgid = child;
    memcpy(message->data, &event, sizeof event);
    struct sockaddr_nl to = {AF_NETLINK, 0, port, groups};
    int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_CONNECTOR);
    ssize_t sent = sendto(fd, &datagram, sizeof datagram, 0, (struct sockaddr *)&to, sizeof to);
    int error = errno;
    close(fd);
    errno = error;
    result(sent != sizeof datagram);
}
