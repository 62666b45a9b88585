/*
 * Makes, enters, holds and leaves namespaces, one command a line on stdin. Each command is answered by
 * one line, "ok ..." or "err ERRNO TEXT", when it is done, so that a test can step it. Whatever it
 * started dies with it, and it ends when stdin does.
 *
 * TYPE is a file name in /proc/PID/ns. TYPES is a comma-separated list of them, or "-" for none.
 */
#include "nstest.h"

#include <pthread.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* A socket in a network namespace that nothing else is in. */
static void socket_then_leave(void) {
    int home = open_ns(getpid(), "net");
    if (home < 0 || unshare(CLONE_NEWNET) < 0) {
        result(1);
        return;
    }
    int fd = socket(AF_INET, SOCK_DGRAM, 0), there = open_ns(getpid(), "net");
    struct stat stat;
    if (fd < 0 || fstat(there, &stat) < 0 || setns(home, 0) < 0)
        result(1);
    else
        say("ok %d %llu %llu", fd, (unsigned long long)id_of(there), (unsigned long long)stat.st_ino);
    close(there);
    close(home);
}

static void bind_mount(int pid, const char *type, const char *path) {
    char from[300];
    snprintf(from, sizeof from, "/proc/%d/ns/%s", pid, type);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    close(fd);
    result(fd < 0 || mount(from, path, NULL, MS_BIND, NULL) < 0);
}

static void name(const char *hex) {
    char bytes[17] = "";
    for (int i = 0; i < 16 && hex[2 * i]; i++)
        sscanf(hex + 2 * i, "%2hhx", (unsigned char *)bytes + i);
    result(prctl(PR_SET_NAME, bytes) < 0);
}

static void obey(char *line) {
    char word[16][256] = {{0}};
    int n = 0;
    for (char *rest = line, *next; n < 16 && (next = strsep(&rest, " \n"));)
        if (*next)
            snprintf(word[n++], sizeof word[0], "%s", next);
    const char *command = word[0];
#define IS(text) (!strcmp(command, text))
#define NUMBER(i) atoi(word[i])
    if (IS("id")) {
        int ns = open_ns(NUMBER(1), word[2]);
        say_id(ns);
        close(ns);
    } else if (IS("id-of")) {
        int ns = open(word[1], O_RDONLY | O_CLOEXEC);
        say_id(ns);
        close(ns);
    } else if (IS("alive")) {
        alive(word[1], strtoull(word[2], NULL, 10), strtoul(word[3], NULL, 10));
    } else if (IS("unshare")) {
        result(unshare(flags_of(word[1])) < 0);
    } else if (IS("clone") || IS("clone-with-fds")) {
        clone_child(word[1], n > 2 ? NUMBER(2) : 1, NUMBER(3), IS("clone-with-fds"));
    } else if (IS("setns")) {
        int ns = open_ns(NUMBER(1), word[2]);
        int failed = ns < 0 || setns(ns, 0) < 0, error = errno;
        close(ns);
        errno = error;
        result(failed);
    } else if (IS("kill") || IS("zombie")) {
        kill_child(NUMBER(1), IS("kill"));
    } else if (IS("reap")) {
        result(waitpid(NUMBER(1), NULL, 0) < 0);
    } else if (IS("thread-unshare")) {
        start_thread(-1, flags_of(word[1]));
    } else if (IS("thread-setns")) {
        int ns = open_ns(NUMBER(1), word[2]);
        start_thread(ns, 0);
        close(ns);
    } else if (IS("thread-again")) {
        again(NUMBER(1), NUMBER(2));
    } else if (IS("thread-end")) {
        end_thread(NUMBER(1));
    } else if (IS("exec-in-thread")) {
        exec_in_thread();
    } else if (IS("open-ns")) {
        int ns = open_ns(NUMBER(1), word[2]);
        if (ns < 0)
            result(1);
        else
            say("ok %d", ns);
    } else if (IS("close")) {
        result(close(NUMBER(1)) < 0);
    } else if (IS("socket")) {
        say("ok %d", socket(AF_INET, SOCK_DGRAM, 0));
    } else if (IS("socket-then-leave")) {
        socket_then_leave();
    } else if (IS("private-mounts")) {
        result(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0);
    } else if (IS("bind")) {
        bind_mount(NUMBER(1), word[2], word[3]);
    } else if (IS("unbind")) {
        result(umount2(word[1], MNT_DETACH) < 0);
    } else if (IS("storm")) {
        storm(word[1], NUMBER(2), NUMBER(3), NUMBER(4), word[5]);
    } else if (IS("forks")) {
        forks(NUMBER(1));
    } else if (IS("spoof")) {
        spoof(NUMBER(1), NUMBER(2), NUMBER(3));
    } else if (IS("name")) {
        name(word[1]);
    } else if (IS("reap-by-itself")) {
        result(signal(SIGCHLD, SIG_IGN) == SIG_ERR);
    } else if (IS("nothing")) {
        say("ok");
    } else {
        errno = ENOSYS;
        result(1);
    }
}

/* The command loop, on whatever thread is to run it. */
static void *listen_to_stdin(void *leader_left) {
    char *line = NULL;
    size_t size = 0;
    if (leader_left) {
        char path[64], state[512] = "";
        snprintf(path, sizeof path, "/proc/self/task/%d/stat", getpid());
        while (!strstr(state, ") Z ")) {
            int fd = open(path, O_RDONLY | O_CLOEXEC);
            read(fd, state, sizeof state - 1);
            close(fd);
        }
        say("ok %d", (int)syscall(SYS_gettid));
    }
    while (fflush(stdout) == 0 && getline(&line, &size, stdin) > 0 && strcmp(line, "quit\n")) {
        if (!strcmp(line, "exit-leader\n") && syscall(SYS_gettid) == getpid()) {
            pthread_t id;
            pthread_create(&id, NULL, listen_to_stdin, "left");
            pthread_exit(NULL);
        }
        alarm(55); /* A command that takes longer is stuck, and the test had better hear of it. */
        obey(line);
        alarm(0);
    }
    _exit(0);
}

int main(int count, char **words) {
    init_threads();
    if (count > 1)
        say("%s", words[1]);
    listen_to_stdin(NULL);
}
