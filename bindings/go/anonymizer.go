// Package anonlog takes the people out of access logs: lines, values, and records that another program has taken apart.
//
// It is libanonlog through its C ABI, so the same becomes of a line as by the command. What is not understood does not come
// out: a line or a record that must not be passed on is an error, a value that cannot be read is "-".
package anonlog

// #include "bridge.h"
import "C"

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// Options say what an Anonymizer does. The zero value is the preset balanced, any known format, and ephemeral keys.
type Options struct {
	Policy      string    // a preset's name or the text of a policy (TOML); see ReadPolicy for files
	Keyring     []byte    // the text of a keyring; see ReadKeyring. Nil: ephemeral keys. New takes a copy: wipe yours
	Format      string    // a name, nginx's log_format or Apache's LogFormat; "": recognised from each line
	Recipient   string    // [a-z0-9._-]{0,64}: key branch for one receiver
	Now         time.Time // the time taken where a value or a record has none; zero: the clock
	HasOwnNames bool      // [fields] of the policy may name fields that no format has, as records do
}

// Anonymizer may be used by any number of goroutines. Each call has a stream of libanonlog to itself: with a keyring there are as
// many as processors, made when they are needed; without one there is one, for ephemeral keys are a stream's own. A Writer has one
// to itself, and is a run of its own.
type Anonymizer struct {
	plan          *C.anonlog_plan // for lines that are anybody's: none says what the columns of another are
	logs          *C.anonlog_plan // for whole logs, with the headers of tables
	hasOnlyTables bool            // no line says anything without the one that names its columns
	idle          chan *handle
	done          chan struct{} // closed with it
	isStopped     atomic.Bool   // by the policy, in whichever stream

	mutex    sync.Mutex
	made     int // streams, idle or not
	isClosed bool
}

// New makes an Anonymizer. Its errors are *PolicyError, *KeyringError, *FormatError and ErrBadArgument, and say what to mend.
func New(options Options) (*Anonymizer, error) {
	if options.Policy != "" && isPreset(options.Policy) {
		options.Policy = presetText(options.Policy)
	}
	var given C.anonlog_options
	given.struct_size = C.sizeof_anonlog_options
	var texts []block
	defer func() {
		for i := range texts {
			texts[i].free() // wiped
		}
	}()
	put := func(text string) (*C.char, C.size_t) {
		var copied block
		if copied.grow(len(text)+1) != nil {
			return nil, 1 // BAD_ARGUMENT
		}
		copy(copied.bytes(), text)
		texts = append(texts, copied)
		return (*C.char)(copied.at), C.size_t(len(text))
	}
	if options.Policy != "" {
		given.policy, given.policy_size = put(options.Policy)
	}
	if options.Keyring != nil {
		given.keyring, given.keyring_size = put(unsafe.String(unsafe.SliceData(options.Keyring), len(options.Keyring)))
	}
	if options.Format != "" {
		given.format, given.format_size = put(options.Format)
	}
	if options.Recipient != "" {
		given.recipient, given.recipient_size = put(options.Recipient)
	}
	if !options.Now.IsZero() {
		given.has_now, given.now = 1, C.int64_t(options.Now.Unix())
	}
	if options.HasOwnNames {
		given.has_own_names = 1
	}

	var message [512]C.char
	a := &Anonymizer{done: make(chan struct{})}
	inC := (*C.anonlog_options)(C.calloc(1, C.sizeof_anonlog_options)) // it holds pointers, so it is C's
	if inC == nil {
		return nil, ErrNoMemory
	}
	*inC = given
	status := C.anonlog_plan_create(inC, &a.logs, &message[0], C.size_t(len(message)))
	if status == C.ANONLOG_OK {
		inC.has_messages = 1
		if C.anonlog_plan_create(inC, &a.plan, nil, 0) != C.ANONLOG_OK { // a format of tables was asked for
			inC.has_messages, a.hasOnlyTables = 0, true
			status = C.anonlog_plan_create(inC, &a.plan, &message[0], C.size_t(len(message)))
		}
	}
	C.free(unsafe.Pointer(inC))
	if status != C.ANONLOG_OK {
		C.anonlog_plan_free(a.logs)
		return nil, errorOfSetup(status, C.GoString(&message[0]))
	}
	streams := 1
	if options.Keyring != nil {
		streams = runtime.GOMAXPROCS(0)
	}
	a.idle = make(chan *handle, streams)
	runtime.SetFinalizer(a, func(a *Anonymizer) { a.Close() }) // a net; Close is the caller's
	return a, nil
}

// Version of libanonlog.
func Version() string { return C.GoString(C.anonlog_version()) }

// PolicyFingerprint identifies the policy by 16 hexadecimal digits.
func (a *Anonymizer) PolicyFingerprint() string {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.isClosed {
		return ""
	}
	return C.GoString(C.anonlog_plan_policy_fingerprint(a.plan))
}

// take gives a stream to the caller alone; give takes it back.
func (a *Anonymizer) take() (*handle, error) {
	h, err := a.takeAny()
	if h != nil && a.isStopped.Load() { // perhaps while this call waited
		a.give(h)
		return nil, ErrStopped
	}
	return h, err
}

func (a *Anonymizer) takeAny() (*handle, error) {
	select {
	case <-a.done:
		return nil, ErrClosed
	default:
	}
	select {
	case h := <-a.idle:
		return h, nil
	default:
	}
	if h, err := a.make(); h != nil || err != nil {
		return h, err
	}
	select {
	case h := <-a.idle:
		return h, nil
	case <-a.done:
		return nil, ErrClosed
	}
}

func (a *Anonymizer) give(h *handle) { a.idle <- h }

// One stream that was stopped stops the run: the others have not met the reject.
func (a *Anonymizer) noted(err error) error {
	if err == ErrStopped {
		a.isStopped.Store(true)
	}
	return err
}

// Neither a stream nor an error: there are enough.
func (a *Anonymizer) make() (*handle, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.isClosed {
		return nil, ErrClosed
	}
	if a.made == cap(a.idle) {
		return nil, nil
	}
	h, err := newHandle(a.plan)
	if err == nil {
		a.made++
	}
	return h, err
}

// Line anonymises one line, which has no line feed. ErrWithheld: no format fits, or the policy withholds it. A format whose
// lines depend on those before (the heads of W3C's tables) wants a Writer.
func (a *Anonymizer) Line(line string) (string, error) {
	h, err := a.take()
	if err != nil {
		return "", err
	}
	defer a.give(h)
	made, err := a.safeLine(h, line)
	return string(made), err
}

func (a *Anonymizer) safeLine(h *handle, line string) ([]byte, error) {
	if a.hasOnlyTables {
		return nil, ErrWithheld
	}
	made, err := h.line(line)
	return made, a.noted(err)
}

// AppendLine is Line without memory of its own: it appends to dst, and leaves dst as it is on an error.
func (a *Anonymizer) AppendLine(dst, line []byte) ([]byte, error) {
	h, err := a.take()
	if err != nil {
		return dst, err
	}
	defer a.give(h)
	made, err := a.safeLine(h, unsafe.String(unsafe.SliceData(line), len(line)))
	if err != nil {
		return dst, err
	}
	return append(dst, made...), nil
}

// Value transforms one value of a class ("ip", "user", "request"...), as it stands in a text log; what cannot be read is "-".
func (a *Anonymizer) Value(class, text string) (string, error) {
	return a.ValueAt(class, text, time.Time{})
}

// ValueAt is Value at a time, which chooses the epoch of a pseudonym.
func (a *Anonymizer) ValueAt(class, text string, at time.Time) (string, error) {
	h, err := a.take()
	if err != nil {
		return "-", err
	}
	defer a.give(h)
	made, err := h.value(class, text, at.Unix(), !at.IsZero())
	if err != nil {
		return "-", err
	}
	return string(made), nil
}

// AppendValue is ValueAt without memory of its own: it appends to dst, and leaves dst as it is on an error.
func (a *Anonymizer) AppendValue(dst []byte, class string, text []byte, at time.Time) ([]byte, error) {
	h, err := a.take()
	if err != nil {
		return dst, err
	}
	defer a.give(h)
	made, err := h.value(class, unsafe.String(unsafe.SliceData(text), len(text)), at.Unix(), !at.IsZero())
	if err != nil {
		return dst, err
	}
	return append(dst, made...), nil
}

// Record sets what may be passed on of each field, and of the time. The same becomes of a record as of a line of JSON with
// these names and values. On an error it must be dropped; the safe members hold placeholders then.
func (a *Anonymizer) Record(record *Record) error {
	h, err := a.take()
	if err != nil {
		record.putPlaceholders()
		return err
	}
	defer a.give(h)
	return a.noted(h.record(record))
}

// Counts are of lines and records.
type Counts struct{ Read, Written, Rejected uint64 }

func (h *handle) counts() Counts {
	var read, written, rejected C.uint64_t
	C.anonlog_stream_lines(h.stream, &read, &written, &rejected)
	return Counts{uint64(read), uint64(written), uint64(rejected)}
}

// Counts tells what was done so far, without Writers; nothing once the Anonymizer is closed. It waits for the calls that are running.
func (a *Anonymizer) Counts() Counts {
	var sum Counts
	for _, h := range a.takeAll(forNow) {
		one := h.counts()
		sum.Read, sum.Written, sum.Rejected = sum.Read+one.Read, sum.Written+one.Written, sum.Rejected+one.Rejected
		a.give(h)
	}
	return sum
}

type howLong bool

const (
	forNow  howLong = false // the caller gives them back
	forGood howLong = true
)

// All streams that were made, when the calls that use them have ended. What is taken for good was never made, for whoever asks
// next: it must not wait for streams that do not come back.
func (a *Anonymizer) takeAll(keep howLong) []*handle {
	a.mutex.Lock() // nobody makes one, and nobody else takes all
	defer a.mutex.Unlock()
	all := make([]*handle, 0, cap(a.idle))
	for len(all) < a.made {
		all = append(all, <-a.idle)
	}
	if keep == forGood {
		a.made = 0
	}
	return all
}

// Close waits for the calls that are running, and wipes keys and pseudonyms. Later calls are ErrClosed; Writers go on.
func (a *Anonymizer) Close() error {
	a.mutex.Lock()
	if a.isClosed {
		a.mutex.Unlock()
		return nil
	}
	a.isClosed = true
	close(a.done)
	a.mutex.Unlock()
	for _, h := range a.takeAll(forGood) {
		h.free()
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	C.anonlog_plan_free(a.plan)
	C.anonlog_plan_free(a.logs)
	a.plan, a.logs = nil, nil
	runtime.SetFinalizer(a, nil)
	return nil
}
