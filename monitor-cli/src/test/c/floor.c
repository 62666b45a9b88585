/* The floor that looks are measured against: for every process in /proc, openat of its ns directory, readlinkat of the
 * eight types, close. As a shared library for the benchmark's own process (floor_look), and as a program that looks
 * every second for so many seconds, for its use of the processor. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct entry {
  uint64_t inode, offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

static const char *TYPES[8] = {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"};
static uint64_t sum;

static void process(int proc, const char *pid) {
  char path[32], text[64];
  snprintf(path, sizeof path, "%s/ns", pid);
  int ns = openat(proc, path, O_PATH | O_DIRECTORY);
  if (ns < 0) return;
  for (int i = 0; i < 8; i++) {
    long length = readlinkat(ns, TYPES[i], text, sizeof text - 1);
    if (length > 0) {
      text[length] = 0;
      sum += strtoull(strchr(text, '[') + 1, NULL, 10);
    }
  }
  close(ns);
}

int floor_look(void) {
  static char buffer[65536];
  int proc = open("/proc", O_RDONLY | O_DIRECTORY), count = 0;
  long length;
  while ((length = syscall(SYS_getdents64, proc, buffer, sizeof buffer)) > 0)
    for (long at = 0; at < length;) {
      struct entry *entry = (void *)(buffer + at);
      at += entry->length;
      if (entry->name[0] >= '0' && entry->name[0] <= '9') {
        process(proc, entry->name);
        count++;
      }
    }
  close(proc);
  return count;
}

int main(int argc, char **argv) {
  for (int i = 0; i < (argc > 1 ? atoi(argv[1]) : 10); i++) {
    floor_look();
    sleep(1);
  }
}
