package anonlog

// #include "bridge.h"
import "C"

import "errors"

// PolicyError says what is to be mended in a policy, with its line and column.
type PolicyError struct{ Message string }

// KeyringError says what is to be mended in a keyring, or in who may read it. It never holds a key.
type KeyringError struct{ Message string }

// FormatError says what is to be mended in a format.
type FormatError struct{ Message string }

func (e *PolicyError) Error() string  { return "anonlog: " + e.Message }
func (e *KeyringError) Error() string { return "anonlog: " + e.Message }
func (e *FormatError) Error() string  { return "anonlog: " + e.Message }

// What can become of a call. None of them holds a byte of a log, a value or a key.
var (
	// ErrWithheld: the line or the record must not be passed on; nobody understands it, or the policy says so.
	ErrWithheld = errors.New("anonlog: this must not be passed on")
	// ErrStopped: the policy says that a reject ends the run (rejects.action = "fail"). So does every later call of this
	// Anonymizer, whichever of its streams met the reject; a Writer is a run of its own.
	ErrStopped      = errors.New("anonlog: " + textOf(C.ANONLOG_STOPPED))
	ErrUnknownClass = errors.New("anonlog: " + textOf(C.ANONLOG_UNKNOWN_CLASS))
	ErrBadArgument  = errors.New("anonlog: " + textOf(C.ANONLOG_BAD_ARGUMENT))
	ErrNoMemory     = errors.New("anonlog: " + textOf(C.ANONLOG_NO_MEMORY))
	ErrInternal     = errors.New("anonlog: " + textOf(C.ANONLOG_INTERNAL))
	// ErrClosed: the Anonymizer or the Writer was closed.
	ErrClosed = errors.New("anonlog: already closed")
)

func textOf(status C.anonlog_status) string { return C.GoString(C.anonlog_status_text(status)) }

// A status of a call that runs; what sets up has errorOfSetup.
func errorOf(status C.anonlog_status) error {
	switch status {
	case C.ANONLOG_OK:
		return nil
	case C.ANONLOG_STOPPED:
		return ErrStopped
	case C.ANONLOG_WITHHELD:
		return ErrWithheld
	case C.ANONLOG_UNKNOWN_CLASS:
		return ErrUnknownClass
	case C.ANONLOG_BAD_ARGUMENT:
		return ErrBadArgument
	case C.ANONLOG_NO_MEMORY:
		return ErrNoMemory
	default:
		return ErrInternal
	}
}

func errorOfSetup(status C.anonlog_status, message string) error {
	switch status {
	case C.ANONLOG_BAD_POLICY:
		return &PolicyError{message}
	case C.ANONLOG_BAD_KEYRING:
		return &KeyringError{message}
	case C.ANONLOG_BAD_FORMAT:
		return &FormatError{message}
	case C.ANONLOG_BAD_ARGUMENT:
		if message != "" {
			return errors.Join(ErrBadArgument, errors.New(message))
		}
	}
	return errorOf(status)
}
