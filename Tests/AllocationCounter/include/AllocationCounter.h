#ifndef REVSWEEP_ALLOCATION_COUNTER_H
#define REVSWEEP_ALLOCATION_COUNTER_H

/// How often this thread has asked for memory, in the program and every library but OpenBLAS, whose kernels for small matrices
/// take 128 bytes for the time of a product.
///
/// Linking this file into a program puts its `malloc` in the place of the C library's, which it calls. 0 for ever where the C
/// library is not glibc.
unsigned long allocationsOfThisThread(void);

/// Those of OpenBLAS.
unsigned long allocationsOfOpenBLAS(void);

#endif
