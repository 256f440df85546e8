#ifndef REVSWEEP_CELEMENTWISE_H
#define REVSWEEP_CELEMENTWISE_H

// The square root as an instruction. C's own, which Swift's `squareRoot()` is on Linux, has to set errno below zero, and
// a loop that may call a function is not put on vector registers.
static inline float elementwise_root_float(float x) { return __builtin_elementwise_sqrt(x); }
static inline double elementwise_root_double(double x) { return __builtin_elementwise_sqrt(x); }

#endif
