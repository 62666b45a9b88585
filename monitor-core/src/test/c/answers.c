/* What a test is told, and who a namespace is: asked by other means than the product asks. */
#include "nstest.h"

#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#define NS_GET_ID _IOR(0xb7, 13, uint64_t)
#define FD_NSFS_ROOT (-10003)
#define FILEID_NSFS 0xf1

struct nsfs_handle {
    struct file_handle head;
    uint64_t id;
    uint32_t type, inode;
};

/* Goes out when the command is done (main loop): what a command opens is closed before its answer is
   read, and no look of the test finds it. */
void say(const char *format, ...) {
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

void result(int failed) {
    if (failed)
        say("err %d %s", errno, strerror(errno));
    else
        say("ok");
}

int flags_of(const char *types) {
    static const struct { const char *name; int flag; } names[] = {
        {"cgroup", CLONE_NEWCGROUP}, {"ipc", CLONE_NEWIPC}, {"mnt", CLONE_NEWNS}, {"net", CLONE_NEWNET},
        {"pid", CLONE_NEWPID}, {"time", CLONE_NEWTIME}, {"user", CLONE_NEWUSER}, {"uts", CLONE_NEWUTS}};
    char copy[128], *rest = copy;
    int flags = 0;
    snprintf(copy, sizeof copy, "%s", types);
    for (char *type; (type = strsep(&rest, ","));)
        for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
            if (!strcmp(type, names[i].name))
                flags |= names[i].flag;
    return flags;
}

int open_ns(int pid, const char *type) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, type);
    return open(path, O_RDONLY | O_CLOEXEC);
}

uint64_t id_of(int ns) {
    uint64_t id = 0;
    return ioctl(ns, NS_GET_ID, &id) < 0 ? 0 : id;
}

void say_id(int ns) {
    struct stat stat;
    if (ns < 0 || fstat(ns, &stat) < 0)
        result(1);
    else
        say("ok %llu %llu", (unsigned long long)id_of(ns), (unsigned long long)stat.st_ino);
}

/* Is it there? Asked by its handle, which holds nothing. */
void alive(const char *type, uint64_t id, uint32_t inode) {
    struct nsfs_handle handle = {{16, FILEID_NSFS}, id, flags_of(type), inode};
    int ns = open_by_handle_at(FD_NSFS_ROOT, &handle.head, O_RDONLY | O_CLOEXEC);
    if (ns < 0 && errno != ESTALE) {
        result(1);
        return;
    }
    say("ok %d", ns >= 0);
    close(ns);
}
