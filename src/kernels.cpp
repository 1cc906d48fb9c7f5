// kernels.cpp: the kernels, compiled once for a program of many files; see block/kernels.hpp.
#define ANONLOG_KERNEL_FUNCTION
#include <anonlog/block/kernel_code.hpp>

#ifndef ANONLOG_COMPILED_KERNELS
#error "ANONLOG_COMPILED_KERNELS is to be defined for the whole program"
#endif
