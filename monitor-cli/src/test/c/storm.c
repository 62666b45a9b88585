/* Load for the benchmark of push: `storm RATE SECONDS CPU` starts RATE processes a second that end at once, or with RATE 0
 * as many as it can, on one CPU. Prints how many, and in how many seconds. It paces itself in steps of a millisecond,
 * and what it is late by it makes up. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Not on the stack that vfork shares with the child. */
static long forks;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  double rate = atof(argv[1]), seconds = atof(argv[2]), began = now(), passed;
  cpu_set_t cpu;
  CPU_ZERO(&cpu);
  CPU_SET(atoi(argv[3]), &cpu);
  if (sched_setaffinity(0, sizeof cpu, &cpu) < 0) {
    perror("sched_setaffinity");
    return 1;
  }
  while ((passed = now() - began) < seconds) {
    if (rate > 0 && forks >= rate * passed) {
      struct timespec step = {0, 1000000};
      nanosleep(&step, NULL);
      continue;
    }
    pid_t pid = vfork();
    if (pid == 0) _exit(0);
    if (pid < 0) {
      perror("vfork");
      return 1;
    }
    waitpid(pid, NULL, 0);
    forks++;
  }
  printf("%ld %.3f\n", forks, passed);
}
