package anonlog

// #include "bridge.h"
import "C"

import (
	"time"
	"unsafe"
)

// Kind is what a field of a record is.
type Kind int32

const (
	Text    Kind = C.ANONLOG_KIND_TEXT
	Number  Kind = C.ANONLOG_KIND_NUMBER  // as JSON writes it
	Boolean Kind = C.ANONLOG_KIND_BOOLEAN // "true" or "false"
	Null    Kind = C.ANONLOG_KIND_NULL
	Open    Kind = C.ANONLOG_KIND_OPEN  // a map or an array begins; what is in it follows
	Close   Kind = C.ANONLOG_KIND_CLOSE // the one that was opened last ends; it has neither name nor value
)

// Field is one name and value of a record. Safe is set by Anonymizer.Record, and it is all that may be passed on.
type Field struct {
	Name      string
	Value     string
	Kind      Kind
	IsElement bool // of an array: it has no name

	SafeName  string
	SafeValue string
	SafeKind  Kind // Null where a number or a boolean may not be passed on
}

// Record is what another program has taken apart. Names joined by `.` mean the same as maps in maps.
type Record struct {
	Fields []Field
	Time   time.Time // when it happened, if no field says so; zero: not known

	SafeTime time.Time // Time on the policy's grid; zero: none may be passed on
}

func (r *Record) putPlaceholders() {
	r.SafeTime = time.Time{}
	for i := range r.Fields {
		f := &r.Fields[i]
		f.SafeName, f.SafeValue, f.SafeKind = "_", "", f.Kind
		switch {
		case f.Kind == Text:
			f.SafeValue = "-"
		case f.Kind != Open && f.Kind != Close:
			f.SafeKind = Null
		}
		if f.IsElement || f.Kind == Close {
			f.SafeName = ""
		}
	}
}

func (h *handle) record(r *Record) error {
	r.putPlaceholders()
	defer h.wipe()
	if err := h.putFields(r.Fields); err != nil {
		return err
	}
	given := &h.call.record
	*given = C.anonlog_record{struct_size: C.sizeof_anonlog_record, field_size: C.sizeof_anonlog_field, fields: (*C.anonlog_field)(h.fields.at),
		field_count: C.size_t(len(r.Fields))}
	if !r.Time.IsZero() {
		given.has_time, given.time = 1, C.int64_t(r.Time.Unix())
	}
	if err := h.makeRoom(1); err != nil {
		return err
	}
	status := C.anonlog_record_transform(h.stream, given, &h.call.out)
	if status == C.ANONLOG_NEED_ROOM { // nothing was counted
		if err := h.makeRoom(int(C.anonlog_record_bound(h.plan, given))); err != nil {
			return err
		}
		status = C.anonlog_record_transform(h.stream, given, &h.call.out)
	}
	if status != C.ANONLOG_OK {
		return errorOf(status)
	}
	h.takeSafe(r)
	return nil
}

// The fields in C's memory.
func (h *handle) putFields(fields []Field) error {
	size := 1 // for the address of a name that is empty
	for i := range fields {
		size += len(fields[i].Name) + len(fields[i].Value)
	}
	if err := h.in.grow(size); err != nil {
		return err
	}
	if err := h.fields.grow(len(fields) * C.sizeof_anonlog_field); err != nil {
		return err
	}
	put := func(text string) (*C.char, C.size_t) {
		at := unsafe.Add(h.in.at, h.used)
		h.used += copy(h.in.bytes()[h.used:], text)
		return (*C.char)(at), C.size_t(len(text))
	}
	given := unsafe.Slice((*C.anonlog_field)(h.fields.at), len(fields))
	for i := range fields {
		f := &fields[i]
		made := C.anonlog_field{kind: C.int(f.Kind)}
		if !f.IsElement && f.Kind != Close {
			made.name, made.name_size = put(f.Name)
		}
		if f.Kind == Text || f.Kind == Number || f.Kind == Boolean {
			made.value, made.value_size = put(f.Value)
		}
		given[i] = made
	}
	return nil
}

// The safe texts point into the output, which becomes one string, or to static text.
func (h *handle) takeSafe(r *Record) {
	all := string(h.written())
	text := func(at *C.char, size C.size_t) string {
		if from := uintptr(unsafe.Pointer(at)) - uintptr(h.out.at); at != nil && from <= uintptr(len(all)) && uintptr(size) <= uintptr(len(all))-from {
			return all[from : from+uintptr(size)]
		}
		return C.GoStringN(at, C.int(size))
	}
	made := unsafe.Slice((*C.anonlog_field)(h.fields.at), len(r.Fields))
	for i := range r.Fields {
		f := &r.Fields[i]
		f.SafeName = text(made[i].safe_name, made[i].safe_name_size)
		f.SafeValue = text(made[i].safe_value, made[i].safe_value_size)
		f.SafeKind = Kind(made[i].safe_kind)
	}
	if h.call.record.has_safe_time != 0 {
		r.SafeTime = time.Unix(int64(h.call.record.safe_time), 0).UTC()
	}
}
