#ifndef REVSWEEP_COPENBLAS_SHIM_H
#define REVSWEEP_COPENBLAS_SHIM_H

#include <cblas.h>
// LAPACKE's own complex types need <complex.h>, which Swift cannot import.
#define lapack_complex_float float _Complex
#define lapack_complex_double double _Complex
#include <lapacke.h>

#endif
