// forks TOTAL MILLISECONDS SECONDS: every process starts another in a session of its own, every so many milliseconds, until there were
// so many in all. Each ends after so many seconds.
//
// forks chain WIDTH SECONDS: so many processes, each of which starts another in a session of its own and ends at once, for so long.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count != 4) return 2;
    int number = atoi(arguments[2]);
    time_t end = time(NULL) + atoi(arguments[3]);
    if (strcmp(arguments[1], "chain") == 0) {
        for (int chain = 0; chain < number; chain++) {
            if (fork() != 0) continue;
            while (time(NULL) < end) {
                setsid();
                if (fork() != 0) _exit(0);
            }
            _exit(0);
        }
    } else {
        atomic_int *left = mmap(NULL, sizeof *left, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (left == MAP_FAILED) return 2;
        atomic_init(left, atoi(arguments[1]));
        while (atomic_fetch_sub(left, 1) > 0) {
            if (fork() == 0) setsid();
            usleep(1000 * number);
        }
    }
    while (time(NULL) < end) sleep(1);
    return 0;
}
