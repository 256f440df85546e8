#ifndef REVSWEEP_ALLOCATION_COUNTER_H
#define REVSWEEP_ALLOCATION_COUNTER_H

/// How often this thread has asked for memory, in the program and every library: linking this file into a program puts its
/// `malloc` in the place of the C library's, which it calls. 0 for ever where the C library is not glibc.
unsigned long allocationsOfThisThread(void);

/// The same for all threads together.
unsigned long allocationsOfAllThreads(void);

#endif
