/*
 * stamp
 *
 * Copies lines from stdin to stdout, each after the time at which it came.
 */
#include "truth.h"

int main(void) {
    char *line = NULL, *out = NULL;
    size_t size = 0;
    ssize_t length;
    while ((length = getline(&line, &size, stdin)) > 0) {
        out = realloc(out, length + 32);
        int all = sprintf(out, "%.6f ", now());
        memcpy(out + all, line, length);
        /* One write, so that no reader of the file sees part of a line. */
        if (write(STDOUT_FILENO, out, all + length) < 0)
            return 1;
    }
    return 0;
}
