// kernels.cpp: the kernels, compiled once for a program of many files; see simd/kernel.hpp.
#define ANONLOG_KERNEL_FUNCTION
#include <anonlog/block/kernels.hpp>
#include <anonlog/crypto/blake2b_batch.hpp>

#ifndef ANONLOG_COMPILED_KERNELS
#error "ANONLOG_COMPILED_KERNELS is to be defined for the whole program"
#endif
