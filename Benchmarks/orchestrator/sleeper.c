// A trainer that sleeps and reports: ./sleeper SECONDS [REPORTS] --x=VALUE. Its last report has the time at which it
// ended, in seconds since 1970.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int main(int count, char **words) {
    double seconds = count > 1 ? atof(words[1]) : 1, x = 0;
    int reports = count > 2 && words[2][0] != '-' ? atoi(words[2]) : 0;
    for (int index = 1; index < count; index++)
        if (!strncmp(words[index], "--x=", 4)) x = atof(words[index] + 4);
    double part = seconds / (reports + 1);
    struct timespec pause = {(time_t)part, (long)((part - (time_t)part) * 1e9)}, now;
    for (int step = 1; step <= reports; step++) {
        nanosleep(&pause, NULL);
        printf("{\"step\": %d, \"loss\": %.6f}\n", step, x * x + 1.0 / step);
        fflush(stdout);
    }
    nanosleep(&pause, NULL);
    clock_gettime(CLOCK_REALTIME, &now);
    printf("{\"step\": %d, \"loss\": %.6f, \"finished\": %.6f}\n", reports + 1, x * x,
           (double)now.tv_sec + now.tv_nsec / 1e9);
    return 0;
}
