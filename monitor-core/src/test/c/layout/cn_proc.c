/* The numbers that the product has written down, as the headers have them. */
#define _GNU_SOURCE
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define EVENT (NLMSG_HDRLEN + offsetof(struct cn_msg, data))
#define SAY(name, value) printf("%s %lld\n", name, (long long)(value))

int main(void) {
    SAY("nlmsghdr", sizeof(struct nlmsghdr));
    SAY("cn_msg", sizeof(struct cn_msg));
    SAY("proc_event", sizeof(struct proc_event));
    SAY("sockaddr_nl", sizeof(struct sockaddr_nl));
    SAY("mmsghdr", sizeof(struct mmsghdr));
    SAY("iovec", sizeof(struct iovec));
    SAY("mmsghdr.msg_name", offsetof(struct mmsghdr, msg_hdr.msg_name));
    SAY("mmsghdr.msg_namelen", offsetof(struct mmsghdr, msg_hdr.msg_namelen));
    SAY("mmsghdr.msg_iov", offsetof(struct mmsghdr, msg_hdr.msg_iov));
    SAY("mmsghdr.msg_iovlen", offsetof(struct mmsghdr, msg_hdr.msg_iovlen));
    SAY("mmsghdr.msg_len", offsetof(struct mmsghdr, msg_len));
    SAY("iovec.iov_base", offsetof(struct iovec, iov_base));
    SAY("iovec.iov_len", offsetof(struct iovec, iov_len));
    SAY("sockaddr_nl.nl_pid", offsetof(struct sockaddr_nl, nl_pid));
    SAY("sockaddr_nl.nl_groups", offsetof(struct sockaddr_nl, nl_groups));
    SAY("nlmsg_len", offsetof(struct nlmsghdr, nlmsg_len));
    SAY("nlmsg_type", offsetof(struct nlmsghdr, nlmsg_type));
    SAY("idx", NLMSG_HDRLEN + offsetof(struct cn_msg, id.idx));
    SAY("val", NLMSG_HDRLEN + offsetof(struct cn_msg, id.val));
    SAY("seq", NLMSG_HDRLEN + offsetof(struct cn_msg, seq));
    SAY("ack", NLMSG_HDRLEN + offsetof(struct cn_msg, ack));
    SAY("len", NLMSG_HDRLEN + offsetof(struct cn_msg, len));
    SAY("what", EVENT + offsetof(struct proc_event, what));
    SAY("cpu", EVENT + offsetof(struct proc_event, cpu));
    SAY("timestamp_ns", EVENT + offsetof(struct proc_event, timestamp_ns));
    SAY("err", EVENT + offsetof(struct proc_event, event_data.ack.err));
    SAY("fork.parent_tgid", EVENT + offsetof(struct proc_event, event_data.fork.parent_tgid));
    SAY("fork.child_pid", EVENT + offsetof(struct proc_event, event_data.fork.child_pid));
    SAY("fork.child_tgid", EVENT + offsetof(struct proc_event, event_data.fork.child_tgid));
    SAY("exec.process_pid", EVENT + offsetof(struct proc_event, event_data.exec.process_pid));
    SAY("exec.process_tgid", EVENT + offsetof(struct proc_event, event_data.exec.process_tgid));
    SAY("exit.process_pid", EVENT + offsetof(struct proc_event, event_data.exit.process_pid));
    SAY("exit.process_tgid", EVENT + offsetof(struct proc_event, event_data.exit.process_tgid));
    SAY("NONE", PROC_EVENT_NONE);
    SAY("FORK", PROC_EVENT_FORK);
    SAY("EXEC", PROC_EVENT_EXEC);
    SAY("EXIT", PROC_EVENT_EXIT);
    SAY("OTHERS", PROC_EVENT_UID | PROC_EVENT_GID | PROC_EVENT_SID | PROC_EVENT_PTRACE | PROC_EVENT_COMM
                      | PROC_EVENT_COREDUMP);
    SAY("LISTEN", PROC_CN_MCAST_LISTEN);
    SAY("IGNORE", PROC_CN_MCAST_IGNORE);
    SAY("group", CN_IDX_PROC);
    SAY("CN_VAL_PROC", CN_VAL_PROC);
    SAY("AF_NETLINK", AF_NETLINK);
    SAY("NETLINK_CONNECTOR", NETLINK_CONNECTOR);
    SAY("NLMSG_DONE", NLMSG_DONE);
    SAY("SOCK_DGRAM | SOCK_CLOEXEC", SOCK_DGRAM | SOCK_CLOEXEC);
    SAY("SOL_SOCKET", SOL_SOCKET);
    SAY("SO_RCVBUF", SO_RCVBUF);
    SAY("SO_RCVBUFFORCE", SO_RCVBUFFORCE);
    SAY("SO_MEMINFO", SO_MEMINFO);
    SAY("SK_MEMINFO_DROPS", SK_MEMINFO_DROPS);
    SAY("MSG_DONTWAIT", MSG_DONTWAIT);
}
