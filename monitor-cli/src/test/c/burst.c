/* Load for the benchmark of push: `burst KIND COUNT LIFE_US RATE [PROGRAM...]` makes COUNT short lives. KIND: unshare and
 * clone (into a uts namespace of its own), setns (into one that a sleeper keeps), exec (PROGRAM). One after the other, or
 * with RATE above 0 so many a second, whether or not those before have ended. Prints the pid of each at the end. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* A child in a uts namespace of its own, which lives as long as we do. */
static int keeper(void) {
  int ready[2];
  char byte, path[32];
  if (pipe(ready) < 0) fail("pipe");
  int pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (unshare(CLONE_NEWUTS) < 0) fail("unshare");
    (void)!write(ready[1], "", 1);
    while (pause() < 0) {
    }
  }
  close(ready[1]);
  if (read(ready[0], &byte, 1) != 1) fail("keeper");
  snprintf(path, sizeof path, "/proc/%d/ns/uts", pid);
  return open(path, O_RDONLY | O_CLOEXEC);
}

static void live(const char *kind, int uts, int micros, char **program) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (!strcmp(kind, "exec")) {
    execvp(program[0], program);
    _exit(1);
  }
  int refused = 0;
  if (!strcmp(kind, "unshare")) refused = unshare(CLONE_NEWUTS);
  if (!strcmp(kind, "setns")) refused = setns(uts, CLONE_NEWUTS);
  if (micros > 0) usleep(micros);
  _exit(refused != 0);
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  const char *kind = argv[1];
  int count = atoi(argv[2]), life = atoi(argv[3]), rate = atoi(argv[4]), failed = 0, status;
  int uts = strcmp(kind, "setns") ? -1 : keeper();
  long flags = SIGCHLD | (strcmp(kind, "clone") ? 0 : CLONE_NEWUTS);
  int *pids = calloc(count, sizeof *pids);
  struct timespec due;
  prctl(PR_SET_TIMERSLACK, 1000);
  clock_gettime(CLOCK_MONOTONIC, &due);
  for (int i = 0; i < count; i++) {
    pids[i] = syscall(SYS_clone, flags, 0, 0, 0, 0);
    if (pids[i] == 0) live(kind, uts, life, argv + 5);
    if (pids[i] < 0) fail("clone");
    if (rate == 0) {
      waitpid(pids[i], &status, 0);
      failed += status != 0;
    } else {
      due.tv_nsec += 1000000000L / rate;
      due.tv_sec += due.tv_nsec / 1000000000L;
      due.tv_nsec %= 1000000000L;
      clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
      /* Only those that have ended: waiting for any would hold up the next. */
      while (waitpid(-1, &status, WNOHANG) > 0) failed += status != 0;
    }
  }
  while (rate > 0 && waitpid(-1, &status, 0) > 0) failed += status != 0;
  for (int i = 0; i < count; i++) printf("%d\n", pids[i]);
  if (failed) fprintf(stderr, "burst: %d of %d lives failed\n", failed, count);
  return failed != 0;
}
