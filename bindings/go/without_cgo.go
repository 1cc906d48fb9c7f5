//go:build !cgo

package anonlog

var _ = this_package_needs_CGO_ENABLED_1_and_a_compiler_of_C // said by the compiler, before it misses the rest
