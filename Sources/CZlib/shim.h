#ifndef REVSWEEP_CZLIB_SHIM_H
#define REVSWEEP_CZLIB_SHIM_H

#include <zlib.h>

#endif
