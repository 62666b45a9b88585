/*
 * Shared by the programs that run in a guest. Each makes one situation, prints what is true as facts,
 * one a line after the time, and waits until `nsmon watch` has reported what it needs to go on.
 *
 *   made type=T inode=N id=N member=PID cause=C     a namespace and its first member
 *   joined type=T inode=N id=N member=PID cause=C   another member of it
 *   left member=PID                                 that member has exited
 *   released type=T inode=N                         from here on it may end, and will
 *   life type=T member=PID cause=C                  one short life: made, joined, left, released
 *   lost most=N                                     the kernel drops up to N records from here on
 *   late REASON                                     what nsmon was to report did not come in time
 *   failed REASON                                   the situation could not be made
 *   absent REASON                                   this kernel does not have what it takes
 *
 * `id` is 0 where the kernel gives none (before Linux 6.18). `cause` is any where nsmon can't know it. Of
 * a namespace that no process is in, but a thread or a descriptor, the member is who holds it. WATCH in the environment is the file that nsmon's lines are written to.
 */
#ifndef TRUTH_H
#define TRUTH_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif
#define NS_GET_ID _IOR(0xb7, 13, uint64_t) /* Linux 6.18, for all types */
#define SIOCGSKNS 0x894C

struct kind {
    const char *name;
    int flag;
    int for_children; /* unshare and, of pid, setns move the children of the caller, not the caller */
};

static const struct kind kinds[] = {
    {"uts", CLONE_NEWUTS, 0}, {"ipc", CLONE_NEWIPC, 0},       {"net", CLONE_NEWNET, 0}, {"mnt", CLONE_NEWNS, 0},
    {"pid", CLONE_NEWPID, 1}, {"cgroup", CLONE_NEWCGROUP, 0}, {"user", CLONE_NEWUSER, 0}, {"time", CLONE_NEWTIME, 1},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct name {
    unsigned long inode;
    uint64_t id;
};

/* A process that stays in its namespace until it is killed. */
struct member {
    pid_t pid;
    pid_t child; /* the child of this program that ends with it: itself or its parent */
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void say(const char *format, ...) {
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    dprintf(STDOUT_FILENO, "%.6f %s\n", now(), line);
}

static void die(const char *what) {
    say("failed %s: %s", what, strerror(errno));
    exit(1);
}

static const struct kind *kind_of(const char *name) {
    for (int i = 0; i < KINDS; i++)
        if (!strcmp(kinds[i].name, name))
            return &kinds[i];
    fprintf(stderr, "no type of namespace: %s\n", name);
    exit(2);
}

static struct name name_of_fd(int fd) {
    struct stat s;
    struct name n = {0, 0};
    if (!fstat(fd, &s))
        n.inode = s.st_ino;
    if (ioctl(fd, NS_GET_ID, &n.id))
        n.id = 0;
    return n;
}

static int open_namespace(pid_t pid, const char *link) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, link);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* Opened only for a moment: an open descriptor would hold it. */
static struct name name_of(pid_t pid, const char *link) {
    int fd = open_namespace(pid, link);
    if (fd < 0)
        die(link);
    struct name n = name_of_fd(fd);
    close(fd);
    return n;
}

static void say_of(const char *verb, const struct kind *k, struct name n, pid_t member, const char *cause) {
    say("%s type=%s inode=%lu id=%lu member=%d cause=%s", verb, k->name, n.inode, (unsigned long)n.id, member, cause);
}

static void released(const struct kind *k, struct name n) {
    say("released type=%s inode=%lu", k->name, n.inode);
}

/* What nsmon has written since the program began, or since_now() was called. */
static FILE *watch_file;
static long watch_begin;

static void since_now(void) {
    /* It ends by this signal where something does not answer. */
    alarm(90);
    if (!watch_file && !(watch_file = fopen(getenv("WATCH"), "re")))
        die("the file of nsmon's lines");
    fseek(watch_file, 0, SEEK_END);
    watch_begin = ftell(watch_file);
}

/* Waits for a line of nsmon that contains both words. */
static int await(double seconds, const char *word, const char *other) {
    static char *line;
    static size_t size;
    double end = now() + seconds;
    do {
        clearerr(watch_file);
        fseek(watch_file, watch_begin, SEEK_SET);
        while (getline(&line, &size, watch_file) > 0)
            if (strstr(line, word) && strstr(line, other))
                return 1;
        usleep(5000);
    } while (now() < end);
    say("late %s %s did not come within %.0f s", word, other, seconds);
    return 0;
}

static int await_kind(const char *event, struct name n, double seconds) {
    char kind[64], inode[64];
    snprintf(kind, sizeof kind, "\"kind\":\"namespace-%s\"", event);
    snprintf(inode, sizeof inode, "\"inode\":%lu,", n.inode);
    return await(seconds, kind, inode);
}

static int await_join(pid_t pid) {
    char text[32];
    snprintf(text, sizeof text, "\"pid\":%d,", pid);
    return await(3, "\"kind\":\"process-joined\"", text);
}

static int await_created(struct name n) { return await_kind("created", n, 3); }

static int await_destroyed(struct name n) { return await_kind("destroyed", n, 15); }

static void stay(void) {
    for (;;)
        pause();
}

static pid_t clone_into(int flags) {
    struct {
        uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    } args = {.flags = flags, .exit_signal = SIGCHLD};
    return syscall(SYS_clone3, &args, sizeof args);
}

/* In a child: says who the member is, and stays. */
static void become_member(int to, int forks) {
    pid_t pid = forks ? fork() : getpid();
    if (!pid)
        stay();
    if (write(to, &pid, sizeof pid) < 0)
        _exit(1);
    if (forks)
        waitpid(pid, NULL, 0);
    else
        stay();
    _exit(0);
}

static struct member started(pid_t child, int from[2]) {
    struct member m = {0, child};
    /* Without this end a child that fails ends the read. */
    close(from[1]);
    if (child < 0 || read(from[0], &m.pid, sizeof m.pid) != sizeof m.pid)
        die("a member");
    close(from[0]);
    return m;
}

static struct member by_clone(const struct kind *k) {
    pid_t pid = clone_into(k->flag);
    if (!pid)
        stay();
    if (pid < 0)
        die("clone3");
    return (struct member){pid, pid};
}

static struct member by_unshare(const struct kind *k) {
    int ends[2];
    if (pipe(ends))
        die("pipe");
    pid_t pid = fork();
    if (!pid) {
        if (unshare(k->flag))
            _exit(1);
        become_member(ends[1], k->for_children);
    }
    return started(pid, ends);
}

/* The kernel moves a caller of setns itself into a time namespace, but not into a pid namespace. */
static struct member by_setns(const struct kind *k, int fd) {
    int ends[2];
    if (pipe(ends))
        die("pipe");
    pid_t pid = fork();
    if (!pid) {
        if (setns(fd, k->flag))
            _exit(1);
        become_member(ends[1], k->flag == CLONE_NEWPID);
    }
    return started(pid, ends);
}

/* How its member got into a namespace made by unshare. */
static const char *unshare_cause(const struct kind *k) { return k->for_children ? "fork" : "unshare"; }

static struct name made(const struct kind *k, struct member m, const char *cause) {
    struct name n = name_of(m.pid, k->name);
    say_of("made", k, n, m.pid, cause);
    return n;
}

static void end(struct member m) {
    kill(m.pid, SIGKILL);
    waitpid(m.child, NULL, 0);
    say("left member=%d", m.pid);
}

/*
 * Makes and ends another namespace, and waits until nsmon has reported its end: by then it has also
 * decided about all that lost its last member before.
 */
static void await_marker(void) {
    const struct kind *uts = kind_of("uts");
    struct member m = by_unshare(uts);
    struct name n = made(uts, m, "unshare");
    await_created(n);
    released(uts, n);
    end(m);
    await_destroyed(n);
}

#endif
