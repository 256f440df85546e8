#ifndef REVSWEEP_CYAML_SHIM_H
#define REVSWEEP_CYAML_SHIM_H

#include <yaml.h>

#endif
