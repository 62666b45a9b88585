// Holds as many as a user may, without privileges: mounts or descriptors of its namespaces, sockets
// in another network namespace, or threads. It says how many it has got, and ends with its standard
// input.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { NOBODY = 65534, NAME = 200 };

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void put(const char *file, const char *text) {
    int fd = open(file, O_WRONLY);
    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        die(file);
    close(fd);
}

static void become_nobody(int namespaces) {
    if (setgid(NOBODY) || setuid(NOBODY))
        die("setuid");
    // Else /proc/self belongs to root.
    if (prctl(PR_SET_DUMPABLE, 1) || unshare(CLONE_NEWUSER | namespaces))
        die("unshare");
    put("/proc/self/setgroups", "deny");
    put("/proc/self/uid_map", "0 65534 1");
    put("/proc/self/gid_map", "0 65534 1");
}

static int mounts(int wanted) {
    become_nobody(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS);
    if (mount("none", "/", 0, MS_REC | MS_PRIVATE, 0) || mount("none", "/mnt", "tmpfs", 0, 0))
        die("mount");
    // All bytes that a name may have, and long enough that the table has more than 16 MiB.
    char name[NAME + 20] = "/mnt/";
    for (int i = 5; i < NAME; i++)
        name[i] = (char)(i - 4 == '/' ? 'x' : i - 4);
    for (int got = 0; got < wanted; got++) {
        sprintf(name + NAME, "%d", got);
        int fd = open(name, O_CREAT | O_WRONLY, 0600);
        close(fd);
        const char *what = got % 2 ? "/proc/self/ns/net" : "/proc/self/ns/uts";
        if (fd < 0 || mount(what, name, 0, MS_BIND, 0))
            return got;
    }
    return wanted;
}

static int descriptors(int wanted, int sockets) {
    struct rlimit limit = {(rlim_t)wanted + 10, (rlim_t)wanted + 10};
    if (setrlimit(RLIMIT_NOFILE, &limit))
        die("setrlimit");
    become_nobody(CLONE_NEWNET | CLONE_NEWUTS);
    for (int got = 0; got < wanted; got++) {
        int fd = sockets ? socket(AF_INET, SOCK_DGRAM, 0) : open("/proc/self/ns/uts", O_RDONLY);
        if (fd < 0)
            return got;
    }
    // What it holds it is in no more.
    if (unshare(CLONE_NEWNET | CLONE_NEWUTS))
        die("unshare");
    return wanted;
}

static void *sleeps(void *unused) {
    pause();
    return unused;
}

static int threads(int wanted) {
    become_nobody(CLONE_NEWUTS);
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 16384);
    for (int got = 0; got < wanted; got++) {
        pthread_t thread;
        if (pthread_create(&thread, &small, sleeps, 0))
            return got;
    }
    return wanted;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: hoard mounts|descriptors|sockets|threads COUNT\n");
        return 2;
    }
    int wanted = atoi(argv[2]);
    int got = !strcmp(argv[1], "mounts")    ? mounts(wanted)
              : !strcmp(argv[1], "threads") ? threads(wanted)
                                            : descriptors(wanted, argv[1][0] == 's');
    printf("has %d\n", got);
    fflush(stdout);
    while (getchar() != EOF) {
    }
    return 0;
}
