package anonlog

// #include "bridge.h"
import "C"

import (
	"strings"
	"unsafe"
)

// A block of C's memory that grows; what it held is wiped before it is given back.
type block struct {
	at   unsafe.Pointer
	size int
}

func (b *block) grow(size int) error {
	if size <= b.size {
		return nil
	}
	b.free()
	size += size / 2
	b.at = C.malloc(C.size_t(size))
	if b.at == nil {
		return ErrNoMemory
	}
	b.size = size
	return nil
}

func (b *block) bytes() []byte { return unsafe.Slice((*byte)(b.at), b.size) }

func (b *block) free() {
	clear(b.bytes())
	C.free(b.at)
	*b = block{}
}

// A stream of libanonlog with its buffers. It belongs to one goroutine at a time.
type handle struct {
	stream *C.anonlog_stream
	plan   *C.anonlog_plan // of the Anonymizer; nil for a stream that may outlive it
	call   *C.anonlog_go_call
	in     block // raw: wiped after every call
	used   int   // bytes of it
	fields block
	out    block
}

func newHandle(plan *C.anonlog_plan) (*handle, error) {
	h := &handle{plan: plan}
	if err := errorOf(C.anonlog_stream_create(plan, &h.stream)); err != nil {
		return nil, err
	}
	h.call = (*C.anonlog_go_call)(C.calloc(1, C.sizeof_anonlog_go_call))
	if h.call == nil {
		h.free()
		return nil, ErrNoMemory
	}
	return h, nil
}

func (h *handle) free() {
	C.anonlog_stream_free(h.stream)
	C.free(unsafe.Pointer(h.call))
	h.in.free()
	h.fields.free()
	h.out.free()
	*h = handle{}
}

// What a call wrote; valid until the next one.
func (h *handle) written() []byte { return h.out.bytes()[:h.call.out.pos] }

// An empty output of that size.
func (h *handle) makeRoom(size int) error {
	err := h.out.grow(size)
	h.call.out = C.anonlog_output{data: (*C.char)(h.out.at), size: C.size_t(h.out.size)}
	return err
}

// Puts texts one behind the other into the input, until wipe takes them away again.
func (h *handle) put(texts ...string) error {
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	if err := h.in.grow(size); err != nil {
		return err
	}
	for _, text := range texts {
		h.used += copy(h.in.bytes()[h.used:], text)
	}
	return nil
}

func (h *handle) wipe() {
	clear(h.in.bytes()[:h.used])
	h.used = 0
}

func (h *handle) value(class, value string, seconds int64, hasTime bool) ([]byte, error) {
	if strings.IndexByte(class, 0) >= 0 {
		return nil, ErrUnknownClass
	}
	defer h.wipe()
	if err := h.put(class, "\x00", value); err != nil {
		return nil, err
	}
	if err := h.makeRoom(16*len(value) + 128); err != nil {
		return nil, err
	}
	var at *C.int64_t
	if hasTime {
		h.call.time = C.int64_t(seconds)
		at = &h.call.time
	}
	status := C.anonlog_value(h.stream, (*C.char)(h.in.at), (*C.char)(unsafe.Add(h.in.at, len(class)+1)), C.size_t(len(value)), at, &h.call.out)
	return h.written(), errorOf(status)
}

// One line as an input of its own, so that no line depends on those before it.
func (h *handle) line(line string) ([]byte, error) {
	if strings.IndexByte(line, '\n') >= 0 {
		return nil, ErrWithheld
	}
	defer h.wipe()
	if err := h.put(line, "\n"); err != nil {
		return nil, err
	}
	bound := C.anonlog_plan_output_bound(h.plan, min(C.size_t(len(line)+1), C.anonlog_plan_longest_line(h.plan)))
	if err := h.makeRoom(int(bound)); err != nil {
		return nil, err
	}
	h.call.in = C.anonlog_input{data: (*C.char)(h.in.at), size: C.size_t(len(line) + 1)}
	status := C.anonlog_stream_feed(h.stream, &h.call.in, &h.call.out, nil)
	if status == C.ANONLOG_OK {
		status = C.anonlog_stream_finish(h.stream, &h.call.out, nil)
	}
	if err := errorOf(status); err != nil {
		return nil, err
	}
	written := h.written()
	if len(written) == 0 {
		return nil, ErrWithheld
	}
	return written[:len(written)-1], nil
}
