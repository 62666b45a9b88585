/*
 * settle ALIVE SECONDS
 *
 * Waits until all namespaces that nsmon has reported since `synced` are destroyed but for so many, and
 * for as long as that at most.
 */
#include "truth.h"

int main(int count, char **args) {
    int alive = atoi(args[1]), left;
    double end = now() + atof(args[2]);
    char *line = NULL;
    size_t size = 0;
    (void)count;
    FILE *watch = fopen(getenv("WATCH"), "re");
    do {
        usleep(100000);
        left = 0;
        rewind(watch);
        while (getline(&line, &size, watch) > 0) {
            if (strstr(line, "\"source\":\"baseline\""))
                continue;
            left += strstr(line, "\"kind\":\"namespace-created\"") != NULL;
            left -= strstr(line, "\"kind\":\"namespace-destroyed\"") != NULL;
        }
    } while (left > alive && now() < end);
    fprintf(stderr, "settle: %d alive, %d expected\n", left, alive);
    return 0;
}
