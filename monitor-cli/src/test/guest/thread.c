/*
 * thread TYPE [leader]
 *
 * A thread alone is in a namespace, its process is not. With "leader" the leader of the process exits
 * meanwhile and stays as a zombie, since the thread runs on.
 */
#include "truth.h"

#include <pthread.h>

static const struct kind *k;
static int to_parent[2], from_parent[2];

static void *run(void *unused) {
    char byte;
    struct {
        pid_t tid;
        struct name name;
    } self = {gettid(), {0, 0}};
    (void)unused;
    if (unshare(k->flag))
        _exit(1);
    char path[64];
    snprintf(path, sizeof path, "/proc/thread-self/ns/%s", k->name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    self.name = name_of_fd(fd);
    close(fd);
    if (write(to_parent[1], &self, sizeof self) < 0 || read(from_parent[0], &byte, 1) < 0)
        _exit(1);
    syscall(SYS_exit_group, 0);
    return NULL;
}

int main(int count, char **args) {
    int leader_exits = count > 2;
    struct {
        pid_t tid;
        struct name name;
    } thread;
    k = kind_of(args[1]);
    since_now();
    if (pipe(to_parent) || pipe(from_parent))
        die("pipe");
    pid_t process = fork();
    if (!process) {
        pthread_t other;
        pthread_create(&other, NULL, run, NULL);
        if (leader_exits)
            syscall(SYS_exit, 0);
        pthread_join(other, NULL);
        _exit(0);
    }
    close(to_parent[1]);
    if (read(to_parent[0], &thread, sizeof thread) != sizeof thread)
        die("the thread");
    say_of("made", k, thread.name, thread.tid, "any");
    await_created(thread.name);
    await_marker();
    usleep(500000);
    released(k, thread.name);
    if (write(from_parent[1], "", 1) < 0)
        die("write");
    waitpid(process, NULL, 0);
    await_destroyed(thread.name);
    return 0;
}
