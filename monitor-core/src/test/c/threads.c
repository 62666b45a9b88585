/* Threads that sit elsewhere than their process. */
#include "nstest.h"

#include <pthread.h>
#include <semaphore.h>

struct thread {
    sem_t go;
    volatile pid_t tid;
    int to, flags, times, end;
};

static struct thread threads[16];
static int thread_count;
static sem_t thread_done;
static volatile int thread_error;

static void *run_thread(void *argument) {
    struct thread *thread = argument;
    thread->tid = syscall(SYS_gettid);
    while (!thread->end) {
        thread_error = 0;
        unshare(CLONE_FS);
        for (int i = 0; i < thread->times; i++)
            if ((thread->to < 0 ? unshare(thread->flags) : setns(thread->to, 0)) < 0)
                thread_error = errno;
        sem_post(&thread_done);
        while (sem_wait(&thread->go) < 0)
            ;
    }
    return NULL;
}

static void wait_for_thread(struct thread *thread) {
    while (sem_wait(&thread_done) < 0)
        ;
    errno = thread_error;
    if (thread_error)
        result(1);
    else
        say("ok %d", thread->tid);
}

void start_thread(int to, int flags) {
    struct thread *thread = &threads[thread_count++ % 16];
    pthread_t id;
    *thread = (struct thread){.to = to, .flags = flags, .times = 1};
    sem_init(&thread->go, 0, 0);
    pthread_create(&id, NULL, run_thread, thread);
    pthread_detach(id);
    wait_for_thread(thread);
}

static struct thread *find_thread(int tid) {
    for (int i = 0; i < 16; i++)
        if (threads[i].tid == tid)
            return &threads[i];
    return NULL;
}

void end_thread(int tid) {
    struct thread *thread = find_thread(tid);
    char path[64];
    if (!thread) {
        errno = ESRCH;
        result(1);
        return;
    }
    thread->end = 1;
    sem_post(&thread->go);
    snprintf(path, sizeof path, "/proc/self/task/%d", tid);
    while (access(path, F_OK) == 0)
        sched_yield();
    say("ok");
}

/* The thread unshares again what it unshared, so many times. */
void again(int tid, int times) {
    struct thread *thread = find_thread(tid);
    thread->to = -1;
    thread->times = times;
    sem_post(&thread->go);
    wait_for_thread(thread);
}

static void *run_exec(void *nothing) {
    execl("/proc/self/exe", "nstest", "ok", NULL);
    return nothing;
}

/* A thread, not the main one, begins this program anew: all others end, and it takes over the pid. */
void exec_in_thread(void) {
    pthread_t id;
    pthread_create(&id, NULL, run_exec, NULL);
    for (;;)
        pause();
}

void init_threads(void) {
    sem_init(&thread_done, 0, 0);
}
