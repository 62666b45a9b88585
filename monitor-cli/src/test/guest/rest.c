/*
 * rest TYPE...
 *
 * A namespace of each of these types, by unshare, whose member outlives this program.
 */
#include "truth.h"

int main(int count, char **args) {
    for (int i = 1; i < count; i++) {
        const struct kind *k = kind_of(args[i]);
        made(k, by_unshare(k), unshare_cause(k));
    }
    return 0;
}
