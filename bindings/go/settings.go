package anonlog

import (
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
)

const longestSettings = 1 << 20

// ReadPolicy gives the text of a policy that is named as `anonlog --policy` takes it: a preset, or the path of a file.
func ReadPolicy(name string) (string, error) {
	if isPreset(name) {
		return presetText(name), nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return "", &PolicyError{err.Error()}
	}
	if len(text) > longestSettings {
		return "", &PolicyError{"the policy is too large: " + name}
	}
	return string(text), nil
}

func isPreset(name string) bool { return !strings.ContainsAny(name, "/.=\n") }

func presetText(name string) string { return fmt.Sprintf("version = 1\npreset = %q\n", name) }

// ReadKeyring reads a keyring as the command does: a regular file of whoever runs this, and of nobody else. The caller wipes
// the text when it was used (clear).
func ReadKeyring(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, &KeyringError{err.Error()}
	}
	defer file.Close()
	facts, err := file.Stat()
	if err != nil {
		return nil, &KeyringError{err.Error()}
	}
	owner, isKnown := facts.Sys().(*syscall.Stat_t)
	switch {
	case !facts.Mode().IsRegular():
		return nil, &KeyringError{"the keyring is no regular file: " + path}
	case facts.Mode().Perm()&0o077 != 0:
		return nil, &KeyringError{"others may read the keyring (chmod 600): " + path}
	case !isKnown || int(owner.Uid) != os.Geteuid():
		return nil, &KeyringError{"the keyring belongs to somebody else: " + path}
	case facts.Size() >= longestSettings:
		return nil, &KeyringError{"the keyring is too large: " + path}
	}
	text := make([]byte, facts.Size())
	if _, err := io.ReadFull(file, text); err != nil {
		clear(text)
		return nil, &KeyringError{"the keyring cannot be read: " + path}
	}
	return text, nil
}
