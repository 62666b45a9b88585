/* What a reader of the proc connector is measured against: `connector PAUSE_US` asks for all events and reads them every so
 * often, 64 at a time. Until SIGTERM, ten minutes at most; then prints "forks F overruns O lost L", of which L is counted by the
 * holes in each CPU's numbers. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Since Linux 6.6 they have a tag, and are still the same numbers. */
enum { FORK = 1, MAX_CPUS = 1024, BATCH = 64, MESSAGE = 160, RECEIVE_BUFFER = 8 << 20 };

static uint64_t forks, lost, overruns;
static uint32_t next[MAX_CPUS];
static char heard[MAX_CPUS];
static volatile sig_atomic_t stopped;

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

static int tell(int socket, uint32_t operation) {
  struct {
    struct nlmsghdr header;
    struct cn_msg message;
    uint32_t operation;
  } __attribute__((packed)) ask = {.header = {.nlmsg_len = sizeof ask, .nlmsg_type = NLMSG_DONE},
                                   .message = {.id = {CN_IDX_PROC, CN_VAL_PROC}, .len = sizeof operation},
                                   .operation = operation};
  return send(socket, &ask, sizeof ask, 0);
}

static void take(const void *datagram) {
  const struct cn_msg *message = NLMSG_DATA((struct nlmsghdr *)datagram);
  const struct proc_event *event = (const void *)message->data;
  uint32_t cpu = event->cpu;
  if ((uint32_t)event->what == FORK) forks++;
  if (cpu >= MAX_CPUS || event->what == 0) return;
  if (heard[cpu]) lost += message->seq - next[cpu];
  heard[cpu] = 1;
  next[cpu] = message->seq + 1;
}

int main(int argc, char **argv) {
  static char buffers[BATCH][MESSAGE];
  static struct iovec parts[BATCH];
  static struct mmsghdr messages[BATCH];
  int pause = argc > 1 ? atoi(argv[1]) : 2000, bytes = RECEIVE_BUFFER;
  int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_CONNECTOR);
  struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC};
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  if (bind(fd, (void *)&address, sizeof address) < 0 || tell(fd, PROC_CN_MCAST_LISTEN) < 0) {
    perror("connector");
    return 1;
  }
  for (int i = 0; i < BATCH; i++) {
    parts[i] = (struct iovec){buffers[i], MESSAGE};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
  }
  signal(SIGTERM, stop);
  alarm(600);
  puts("listening");
  fflush(stdout);
  while (!stopped) {
    int count = recvmmsg(fd, messages, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) take(buffers[i]);
    if (count < 0 && errno == ENOBUFS) overruns++;
    if (count < 0 && errno == EAGAIN) usleep(pause);
  }
  tell(fd, PROC_CN_MCAST_IGNORE);
  printf("forks %lu overruns %lu lost %lu\n", (unsigned long)forks, (unsigned long)overruns, (unsigned long)lost);
}
