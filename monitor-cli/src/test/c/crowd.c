/* Load for the benchmarks: `crowd N` keeps N sleeping processes, a tenth of them in namespaces of their own: N/50 sets of
 * five processes, each set in five namespaces (uts, ipc, mnt, pid, and in turn net, cgroup, user or time). Prints
 * "ready N" and ends, with all of them, at the end of its input. All share one memory, so that many fit. */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { STACK = 8192, SET = 5 };

static const int FIFTH[4] = {CLONE_NEWNET, CLONE_NEWCGROUP, CLONE_NEWUSER, CLONE_NEWTIME};
static volatile int up;

static int sleeper(void *unused) {
  (void)unused;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  __sync_fetch_and_add(&up, 1);
  while (pause() < 0) {
  }
  return 0;
}

static void start(int (*run)(void *), void *argument) {
  char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack == MAP_FAILED || clone(run, stack + STACK, CLONE_VM | SIGCHLD, argument) < 0) {
    perror("clone");
    kill(0, SIGKILL);
  }
}

static int set(void *fifth) {
  if (unshare(CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWPID | *(const int *)fifth) < 0) {
    perror("unshare");
    kill(0, SIGKILL);
  }
  for (int i = 1; i < SET; i++) start(sleeper, NULL);
  return sleeper(NULL);
}

int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 100;
  setpgid(0, 0);
  for (int i = 0; i < n - n / 50 * SET; i++) start(sleeper, NULL);
  for (int i = 0; i < n / 50; i++) start(set, (void *)&FIFTH[i % 4]);
  while (up < n) usleep(1000);
  printf("ready %d\n", n);
  fflush(stdout);
  char end;
  while (read(0, &end, 1) > 0) {
  }
  kill(0, SIGKILL);
}
