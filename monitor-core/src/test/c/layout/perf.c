/* What the kernel's header says of perf, to be compared with what the product believes: one "name number" a line, and
   the structure that it passes to the kernel, filled in by name. */
#include <linux/perf_event.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#define SAY(name, number) printf("%s %llu\n", name, (unsigned long long)(number))
#define PAGE(field) SAY(#field, offsetof(struct perf_event_mmap_page, field))
#define FORMAT_LOST (1 << 4) /* PERF_FORMAT_LOST, which headers before 6.0 do not have. */

int main(void) {
    struct perf_event_attr attr = {
        .type = PERF_TYPE_SOFTWARE,
        .size = PERF_ATTR_SIZE_VER5,
        .config = PERF_COUNT_SW_DUMMY,
        .sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME,
        .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | FORMAT_LOST,
        .comm = 1,
        .task = 1,
        .watermark = 1,
        .sample_id_all = 1,
        .comm_exec = 1,
        .use_clockid = 1,
        .namespaces = 1,
        .wakeup_watermark = 1 << 30,
        .clockid = CLOCK_MONOTONIC,
    };
    printf("attr ");
    for (size_t i = 0; i < attr.size; i++)
        printf("%02x", ((unsigned char *)&attr)[i]);
    printf("\n");
    PAGE(data_head);
    PAGE(data_tail);
    PAGE(data_offset);
    PAGE(data_size);
    SAY("cloexec", PERF_FLAG_FD_CLOEXEC);
    SAY("lost", PERF_RECORD_LOST);
    SAY("comm", PERF_RECORD_COMM);
    SAY("exit", PERF_RECORD_EXIT);
    SAY("fork", PERF_RECORD_FORK);
    SAY("namespaces", PERF_RECORD_NAMESPACES);
    SAY("comm_exec", PERF_RECORD_MISC_COMM_EXEC);
    struct perf_event_header header = {.type = PERF_RECORD_COMM, .misc = PERF_RECORD_MISC_COMM_EXEC, .size = 40};
    SAY("header", *(unsigned long long *)&header);
    struct {
        unsigned long long count;
        struct perf_ns_link_info named[NR_NAMESPACES];
    } body = {.count = NR_NAMESPACES};
    for (int i = 0; i < NR_NAMESPACES; i++)
        body.named[i].ino = 11 + i;
    printf("body ");
    for (size_t i = 0; i < sizeof body / 8; i++)
        printf("%llu ", ((unsigned long long *)&body)[i]);
    printf("\n");
    SAY("net", body.named[NET_NS_INDEX].ino);
    SAY("uts", body.named[UTS_NS_INDEX].ino);
    SAY("ipc", body.named[IPC_NS_INDEX].ino);
    SAY("pid", body.named[PID_NS_INDEX].ino);
    SAY("user", body.named[USER_NS_INDEX].ino);
    SAY("mnt", body.named[MNT_NS_INDEX].ino);
    SAY("cgroup", body.named[CGROUP_NS_INDEX].ino);
}
