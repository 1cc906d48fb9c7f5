//go:build !anonlog_tree

package anonlog

// #cgo pkg-config: anonlog
import "C"
