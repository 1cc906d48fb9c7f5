package anonlog

// #include "bridge.h"
import "C"

import (
	"io"
	"unsafe"
)

// Writer anonymises a log that is written to it, in pieces of any size. It belongs to one goroutine at a time, as other writers.
type Writer struct {
	to     io.Writer
	piece  int // that is handed over at once, at most
	stream *handle
	err    error // of which no more can be written
	counts Counts
	report string
}

const defaultPiece = 1 << 16

// Writer makes a Writer; whole lines go to `to` within the call that completes them, lines that must not be passed on do not.
func (a *Anonymizer) Writer(to io.Writer) (*Writer, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.isClosed {
		return nil, ErrClosed
	}
	h, err := newHandle(a.logs)
	if err != nil {
		return nil, err
	}
	if err := h.makeRoom(int(C.anonlog_plan_output_bound(a.logs, C.anonlog_plan_longest_line(a.logs)))); err != nil {
		h.free()
		return nil, err
	}
	h.plan = nil
	return &Writer{to: to, piece: defaultPiece, stream: h}, nil
}

// Write takes all of text, or says why not.
func (w *Writer) Write(text []byte) (int, error) {
	taken := 0
	for taken < len(text) && w.err == nil {
		piece := text[taken:min(taken+w.piece, len(text))]
		w.err = w.feed(unsafe.String(unsafe.SliceData(piece), len(piece)))
		if w.err == nil {
			taken += len(piece)
		}
	}
	return taken, w.err
}

func (w *Writer) feed(piece string) error {
	h := w.stream
	defer h.wipe()
	if err := h.put(piece); err != nil {
		return err
	}
	h.call.in = C.anonlog_input{data: (*C.char)(h.in.at), size: C.size_t(len(piece))}
	return w.drain(func() C.anonlog_status { return C.anonlog_stream_feed(h.stream, &h.call.in, &h.call.out, nil) })
}

// Asks until nothing is left to be written.
func (w *Writer) drain(ask func() C.anonlog_status) error {
	for {
		w.stream.call.out.pos = 0
		status := ask()
		if written := w.stream.written(); len(written) > 0 {
			if _, err := w.to.Write(written); err != nil {
				return err
			}
		}
		if status != C.ANONLOG_NEED_ROOM {
			return errorOf(status)
		}
	}
}

// Close writes the last line if it had no line feed, and wipes keys and pseudonyms. It does not close what is written to.
func (w *Writer) Close() error {
	if w.stream == nil {
		return nil
	}
	err := w.err
	if err == nil {
		err = w.drain(func() C.anonlog_status { return C.anonlog_stream_finish(w.stream.stream, &w.stream.call.out, nil) })
	}
	w.counts, w.report = w.Counts(), w.Report()
	w.stream.free()
	w.stream, w.err = nil, ErrClosed
	return err
}

// Counts of lines, also after Close.
func (w *Writer) Counts() Counts {
	if w.stream == nil {
		return w.counts
	}
	return w.stream.counts()
}

// Report is the counts by class and outcome as one JSON object (`anonlog --report`), also after Close. Never a value.
func (w *Writer) Report() string {
	h := w.stream
	if h == nil {
		return w.report
	}
	// The last lines were written, so their room is free.
	h.call.out.pos = 0
	var needed C.size_t
	status := C.anonlog_stream_report(h.stream, &h.call.out, &needed)
	if status == C.ANONLOG_NEED_ROOM {
		if h.makeRoom(int(needed)) != nil {
			return "{}"
		}
		status = C.anonlog_stream_report(h.stream, &h.call.out, &needed)
	}
	if errorOf(status) != nil {
		return "{}"
	}
	return string(h.written())
}

var _ io.WriteCloser = (*Writer)(nil)
