/* What a reader of perf's namespace records is measured against: `rings PAUSE_US` asks each CPU for the records of tasks,
 * names and namespaces, reads the rings every so often and compares the seven inodes of each process with the host's own.
 * Until SIGTERM, ten minutes at most; then prints "forks F foreign N lost L", of which L is the kernel's own count. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CPUS = 256, RING = 4 << 20, TYPES = 7 };

/* In the order of the record's links. */
static const char *NAMES[] = {"net", "uts", "ipc", "pid", "user", "mnt", "cgroup", "time"};

struct namespaces {
  struct perf_event_header header;
  uint32_t pid, tid;
  uint64_t count;
  struct {
    uint64_t device, inode;
  } link[TYPES];
};

static uint64_t host[TYPES], forks, foreign;
static volatile sig_atomic_t stopped;

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

static void take(const struct perf_event_header *record) {
  if (record->type == PERF_RECORD_FORK) forks++;
  if (record->type == PERF_RECORD_NAMESPACES) {
    const struct namespaces *of = (const void *)record;
    for (int i = 0; i < TYPES; i++)
      if (of->link[i].inode != host[i]) {
        foreign++;
        break;
      }
  }
}

static void drain(struct perf_event_mmap_page *page) {
  static char whole[65536];
  const char *ring = (const char *)page + sysconf(_SC_PAGESIZE);
  uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE), tail = page->data_tail;
  while (tail < head) {
    uint64_t at = tail % RING;
    const struct perf_event_header *record = (const void *)(ring + at);
    tail += record->size;
    if (at + record->size > RING) {
      memcpy(whole, record, RING - at);
      memcpy(whole + RING - at, ring, record->size - (RING - at));
      record = (const void *)whole;
    }
    take(record);
  }
  __atomic_store_n(&page->data_tail, tail, __ATOMIC_RELEASE);
}

/* Open for good: the records are dear for the host while nobody holds the namespaces of the one who forks. */
static void hold_own_namespaces(void) {
  for (int i = 0; i <= TYPES; i++) {
    char path[32];
    struct stat stat;
    snprintf(path, sizeof path, "/proc/self/ns/%s", NAMES[i]);
    if (fstat(open(path, O_RDONLY | O_CLOEXEC), &stat) == 0 && i < TYPES) host[i] = stat.st_ino;
  }
}

int main(int argc, char **argv) {
  static int fds[MAX_CPUS];
  static struct perf_event_mmap_page *pages[MAX_CPUS];
  int cpus = sysconf(_SC_NPROCESSORS_ONLN), pause = argc > 1 ? atoi(argv[1]) : 2000;
  struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
                                 .size = sizeof attr,
                                 .config = PERF_COUNT_SW_DUMMY,
                                 .sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME,
                                 .read_format = PERF_FORMAT_LOST,
                                 .comm = 1,
                                 .comm_exec = 1,
                                 .task = 1,
                                 .namespaces = 1,
                                 .sample_id_all = 1,
                                 .watermark = 1,
                                 .wakeup_watermark = 1 << 30,
                                 .use_clockid = 1,
                                 .clockid = CLOCK_MONOTONIC};
  hold_own_namespaces();
  for (int i = 0; i < cpus && i < MAX_CPUS; i++) {
    fds[i] = syscall(SYS_perf_event_open, &attr, -1, i, -1, PERF_FLAG_FD_CLOEXEC);
    if (fds[i] < 0) {
      perror("perf_event_open");
      return 1;
    }
    pages[i] = mmap(NULL, RING + sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE, MAP_SHARED, fds[i], 0);
    if (pages[i] == MAP_FAILED) {
      perror("mmap");
      return 1;
    }
  }
  signal(SIGTERM, stop);
  alarm(600);
  puts("listening");
  fflush(stdout);
  while (!stopped) {
    usleep(pause);
    for (int i = 0; i < cpus && i < MAX_CPUS; i++) drain(pages[i]);
  }
  uint64_t lost = 0, values[2];
  for (int i = 0; i < cpus && i < MAX_CPUS; i++)
    if (read(fds[i], values, sizeof values) == sizeof values) lost += values[1];
  printf("forks %lu foreign %lu lost %lu\n", (unsigned long)forks, (unsigned long)foreign, (unsigned long)lost);
}
