/*
 * lives COUNT MICROSECONDS TYPE
 *
 * So many namespaces of this type, one after the other, each by unshare with one member that lives so
 * long and is reaped.
 */
#include "truth.h"

static void live(int micros) {
    if (micros)
        usleep(micros);
    _exit(0);
}

int main(int count, char **args) {
    int lives = atoi(args[1]), micros = atoi(args[2]);
    const struct kind *k = kind_of(args[3]);
    (void)count;
    for (int i = 0; i < lives; i++) {
        int ends[2], status;
        if (pipe(ends))
            die("pipe");
        pid_t child = fork();
        if (!child) {
            if (unshare(k->flag))
                _exit(1);
            if (!k->for_children)
                live(micros);
            pid_t member = fork();
            if (!member)
                live(micros);
            if (write(ends[1], &member, sizeof member) < 0)
                _exit(1);
            waitpid(member, NULL, 0);
            _exit(0);
        }
        waitpid(child, &status, 0);
        if (status)
            die("unshare");
        pid_t member = child;
        if (k->for_children && read(ends[0], &member, sizeof member) < 0)
            die("read");
        close(ends[0]);
        close(ends[1]);
        say("life type=%s member=%d cause=%s", k->name, member, unshare_cause(k));
    }
    return 0;
}
