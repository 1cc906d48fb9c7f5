package anonlog

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

const ordinaryLine = `203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret&page=2 HTTP/1.1" 200 512 "https://example.com/reset?u=ada" "curl/8.5.0"`

func newAnonymizer(t testing.TB, options Options) *Anonymizer {
	a, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func withKeys(t testing.TB) *Anonymizer {
	return newAnonymizer(t, Options{Keyring: []byte(keyringText), Now: caseTime, HasOwnNames: true})
}

// What the command makes of a log with the same keyring.
func command(t *testing.T, log []byte, arguments ...string) []byte {
	bin := os.Getenv("ANONLOG_BIN")
	if bin == "" {
		t.Skip("the command is not built here (ANONLOG_BIN)")
	}
	keys := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(keys, []byte(keyringText), 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(bin, append([]string{"-k", keys, "--now", "1768478400", "--max-reject", "100%"}, arguments...)...)
	run.Stdin = bytes.NewReader(log)
	made, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// Who sends the first line must not say what the columns of others are, nor have its words kept.
func TestLineTakesNoHeaderOfATable(t *testing.T) {
	a := withKeys(t)
	for _, header := range []string{"#Fields: date c-ip cs-username ada", "time,client_ip,status,ada"} {
		if made, err := a.Line(header); err != ErrWithheld || made != "" {
			t.Errorf("%q, %v", made, err)
		}
	}
	tables, err := New(Options{Format: "w3c"})
	if err != nil {
		t.Fatal(err)
	}
	defer tables.Close()
	if made, err := tables.Line("#Fields: date c-ip cs-username ada"); err != ErrWithheld || made != "" {
		t.Errorf("%q, %v", made, err)
	}
}

func TestLinesAreTheBytesOfTheCommand(t *testing.T) {
	log := source(t, "tests/data/access.log")
	wanted := command(t, log)
	if bytes.Count(wanted, []byte("\n")) < 100 {
		t.Fatal("the command wrote next to nothing")
	}
	a := withKeys(t)

	var byLine, appended []byte
	for _, line := range strings.Split(strings.TrimSuffix(string(log), "\n"), "\n") {
		made, err := a.Line(line)
		var more error
		before := len(appended)
		appended, more = a.AppendLine(appended, []byte(line))
		if err != more || (err == nil && string(appended[before:]) != made) {
			t.Fatal("AppendLine is not Line")
		}
		if err == nil {
			byLine = append(append(byLine, made...), '\n')
			appended = append(appended, '\n')
		} else if err != ErrWithheld || made != "" {
			t.Fatalf("%q, %v", made, err)
		}
	}
	if !bytes.Equal(byLine, wanted) {
		t.Error("Line gives other lines than the command")
	}

	chance := rand.New(rand.NewSource(1))
	var written bytes.Buffer
	w, err := a.Writer(&written)
	if err != nil {
		t.Fatal(err)
	}
	for rest := log[:len(log)-1]; len(rest) > 0; { // the last line has no line feed
		size := min(1+chance.Intn(700), len(rest))
		if n, err := w.Write(rest[:size]); n != size || err != nil {
			t.Fatal(n, err)
		}
		rest = rest[size:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written.Bytes(), command(t, log[:len(log)-1])) {
		t.Error("Writer gives other lines than the command")
	}
	counts := w.Counts()
	if lines := uint64(bytes.Count(log, []byte("\n"))); counts.Read != lines || counts.Written+counts.Rejected != lines || !json.Valid([]byte(w.Report())) || len(w.Report()) < 100 {
		t.Errorf("%d lines, counted %+v, report %s", lines, counts, w.Report())
	}
	if _, err := w.Write([]byte("x")); err != ErrClosed {
		t.Errorf("a closed Writer says %v", err)
	}
}

func TestAWriterWritesWhatIsWholeAndGoesOnWithLongLogs(t *testing.T) {
	var written bytes.Buffer
	w, err := withKeys(t).Writer(&written)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, ordinaryLine+"\n203.0.113.77 - a")
	if !strings.HasPrefix(written.String(), "203.0.113.0 - u-") || strings.Count(written.String(), "\n") != 1 {
		t.Errorf("written so far: %q", written.String())
	}
	io.WriteString(w, ordinaryLine[len("203.0.113.77 - a"):]+"\n")
	big := bytes.Repeat([]byte(ordinaryLine+"\n"), 20000)
	if n, err := w.Write(big); n != len(big) || err != nil {
		t.Error(n, err)
	}
	w.Close()
	if lines := strings.Count(written.String(), "\n"); lines != 20002 {
		t.Errorf("%d lines of 20002", lines)
	}

	written.Reset()
	w, _ = withKeys(t).Writer(&written)
	w.piece = 1 << 26 // more than there is room for at once
	for w.stream.out.size > len(big) {
		big = append(big, big...)
	}
	w.Write(big)
	if w.Close(); w.Counts().Written != uint64(bytes.Count(big, []byte("\n"))) || bytes.Count(written.Bytes(), []byte("\n")) != int(w.Counts().Written) {
		t.Errorf("%+v", w.Counts())
	}
}

func TestALineDoesNotDependOnThoseBefore(t *testing.T) {
	withoutTime := `{"user":"ada"}`
	wanted, _ := withKeys(t).Line(withoutTime)
	a := withKeys(t)
	a.Line(ordinaryLine) // of another day
	if made, err := a.Line(withoutTime); made != wanted || err != nil || !strings.Contains(made, `"u-`) {
		t.Errorf("%q, %v, not %q", made, err, wanted)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestAWriterThatCannotWriteSaysSoAndStops(t *testing.T) {
	w, _ := withKeys(t).Writer(brokenWriter{})
	for range [2]int{} {
		if n, err := io.WriteString(w, ordinaryLine+"\n"); n != 0 || err != io.ErrShortWrite {
			t.Error(n, err)
		}
	}
	if err := w.Close(); err != io.ErrShortWrite {
		t.Error(err)
	}
}

func TestWhatIsNotUnderstoodDoesNotComeOut(t *testing.T) {
	a := withKeys(t)
	for _, line := range []string{"ada came from 203.0.113.77", ordinaryLine + "\n" + ordinaryLine, ordinaryLine[:60], strings.Repeat("x", 70000), "\x00ada\xff"} {
		if made, err := a.Line(line); made != "" || err != ErrWithheld {
			t.Errorf("%q, %v", made, err)
		}
		if made, err := a.AppendLine([]byte("before"), []byte(line)); string(made) != "before" || err != ErrWithheld {
			t.Errorf("%q, %v", made, err)
		}
	}
	if made, err := a.Line(ordinaryLine); err != nil || strings.Contains(made, "ada") {
		t.Errorf("after them: %q, %v", made, err)
	}
	for _, class := range []string{"", "nothing", "ip\x00", "visitor"} {
		if made, err := a.Value(class, "203.0.113.77"); made != "-" || err != ErrUnknownClass {
			t.Errorf("class %q: %q, %v", class, made, err)
		}
	}
}

// A record, and the line of JSON that means the same.
func recordOf(number int) (Record, string) {
	user := "user" + string(rune('a'+number%26))
	line := `{"time":"2026-01-15T12:34:56Z","remote_addr":"203.0.113.9","user":"` + user + `","unknown":"` + user + `","status":404,"resumed":true,"nothing":null,` +
		`"headers":{"X-Forwarded-For":["203.0.113.9","10.0.0.1"],"` + user + `@mail.example":"x"}}`
	return Record{Fields: []Field{
		{Name: "time", Value: "2026-01-15T12:34:56Z"}, {Name: "remote_addr", Value: "203.0.113.9"}, {Name: "user", Value: user}, {Name: "unknown", Value: user},
		{Name: "status", Value: "404", Kind: Number}, {Name: "resumed", Value: "true", Kind: Boolean}, {Name: "nothing", Kind: Null},
		{Name: "headers", Kind: Open}, {Name: "X-Forwarded-For", Kind: Open}, {Value: "203.0.113.9", IsElement: true}, {Value: "10.0.0.1", IsElement: true}, {Kind: Close},
		{Name: user + "@mail.example", Value: "x"}, {Kind: Close},
	}, Time: caseTime.Add(61 * time.Minute)}, line
}

// As JSON, of what may be passed on.
func safeJSON(fields []Field) string {
	var out strings.Builder
	ends, isFirst := []string{"}"}, true
	out.WriteString("{")
	for i, f := range fields {
		if f.SafeKind == Close {
			out.WriteString(ends[len(ends)-1])
			ends, isFirst = ends[:len(ends)-1], false
			continue
		}
		if !isFirst {
			out.WriteString(",")
		}
		isFirst = f.SafeKind == Open
		if !f.IsElement {
			out.WriteString(`"` + f.SafeName + `":`)
		}
		switch f.SafeKind {
		case Open:
			if fields[i+1].IsElement {
				out.WriteString("[")
				ends = append(ends, "]")
			} else {
				out.WriteString("{")
				ends = append(ends, "}")
			}
		case Text:
			out.WriteString(`"` + f.SafeValue + `"`)
		case Null:
			out.WriteString("null")
		default:
			out.WriteString(f.SafeValue)
		}
	}
	return out.String() + "}"
}

func TestARecordIsTheLineOfJSONOfTheCommand(t *testing.T) {
	a := withKeys(t)
	for number := 0; number < 30; number++ {
		record, line := recordOf(number)
		if err := a.Record(&record); err != nil {
			t.Fatal(err)
		}
		if made := safeJSON(record.Fields); made != strings.TrimSpace(string(command(t, []byte(line+"\n")))) || !strings.Contains(made, `"u-`) {
			t.Fatalf("the record is %s", made)
		}
		if record.SafeTime != time.Unix(1768478400+3600, 0).UTC() {
			t.Fatalf("its time is %v", record.SafeTime)
		}
	}
}

func TestARecordThatMustBeDroppedHoldsPlaceholders(t *testing.T) {
	closed, _ := New(Options{})
	closed.Close()
	open := withKeys(t)
	broken := []Field{{Name: "user", Value: "ada"}, {Name: "n", Value: "7", Kind: Number}, {Name: "x", Kind: Open}}
	tooLong := append(broken[:2:2], Field{Name: "path", Value: strings.Repeat("ada", 30000)})
	wrongKind := append(broken[:2:2], Field{Name: "path", Value: "ada", Kind: 77})
	for _, given := range []struct {
		of     *Anonymizer
		fields []Field
		wanted error
	}{{open, broken, ErrWithheld}, {open, tooLong, ErrWithheld}, {open, wrongKind, ErrBadArgument}, {closed, broken, ErrClosed}} {
		record := Record{Fields: given.fields, Time: caseTime}
		for i := range record.Fields {
			record.Fields[i].SafeName, record.Fields[i].SafeValue = "ada", "ada"
		}
		if err := given.of.Record(&record); err != given.wanted {
			t.Errorf("%v, not %v", err, given.wanted)
		}
		if f := record.Fields; f[0].SafeName != "_" || f[0].SafeValue != "-" || f[1].SafeKind != Null || f[1].SafeValue != "" || f[2].SafeValue == "ada" || !record.SafeTime.IsZero() {
			t.Errorf("%+v", record)
		}
	}
}

func TestEightGoroutinesShareOneAnonymizer(t *testing.T) {
	ordinaryLine := strings.Replace(ordinaryLine, "10/Oct/2025", "15/Jan/2026", 1) // ephemeral keys are of the last days only
	for name, a := range map[string]*Anonymizer{"keyring": withKeys(t), "ephemeral": newAnonymizer(t, Options{Now: caseTime, HasOwnNames: true})} {
		line, err := a.Line(ordinaryLine)
		if err != nil {
			t.Fatal(err)
		}
		user, _ := a.Value("user", "ada")
		record, _ := recordOf(3)
		if err := a.Record(&record); err != nil {
			t.Fatal(err)
		}
		wanted := safeJSON(record.Fields)
		var all sync.WaitGroup
		for worker := 0; worker < 8; worker++ {
			all.Add(1)
			go func() {
				defer all.Done()
				for i := 0; i < 300; i++ {
					if made, err := a.Line(ordinaryLine); made != line || err != nil {
						t.Errorf("%s: %q, %v", name, made, err)
					}
					if made, err := a.Value("user", "ada"); made != user || err != nil {
						t.Errorf("%s: %q, %v", name, made, err)
					}
					record, _ := recordOf(3)
					if err := a.Record(&record); err != nil || safeJSON(record.Fields) != wanted {
						t.Errorf("%s: %v", name, err)
					}
					if i%100 == 0 {
						a.Counts()
						runtime.GC()
					}
				}
			}()
		}
		all.Wait()
		if counts := a.Counts(); counts.Read != 2*(8*300+1) || counts.Written != counts.Read {
			t.Errorf("%s: counted %+v", name, counts)
		}
	}
}

func TestCloseWaitsForCallsAndNoneComesAfter(t *testing.T) {
	a, err := New(Options{Keyring: []byte(keyringText)})
	if err != nil {
		t.Fatal(err)
	}
	w, _ := a.Writer(io.Discard)
	var all sync.WaitGroup
	for worker := 0; worker < 8; worker++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for {
				made, err := a.Line(ordinaryLine)
				if err == ErrClosed {
					return
				}
				if err != nil || !strings.HasPrefix(made, "203.0.113.0 ") {
					t.Errorf("%q, %v", made, err)
					return
				}
			}
		}()
	}
	time.Sleep(20 * time.Millisecond)
	a.Close()
	if _, err := a.Line(ordinaryLine); err != ErrClosed || a.made != 0 || a.plan != nil || len(a.idle) != 0 {
		t.Errorf("%v; %d streams are left", err, a.made)
	}
	all.Wait()
	if made, err := a.Value("user", "ada"); made != "-" || err != ErrClosed {
		t.Errorf("%q, %v", made, err)
	}
	if _, err := a.Writer(io.Discard); err != ErrClosed {
		t.Error(err)
	}
	if a.Close() != nil || a.PolicyFingerprint() != "" || a.Counts() != (Counts{}) {
		t.Error("closed twice")
	}
	if _, err := io.WriteString(w, ordinaryLine+"\n"); err != nil || w.Close() != nil || w.Counts().Written != 1 {
		t.Error("a Writer does not outlive its Anonymizer")
	}
}

func TestCloseWaitsForAStreamInUseButNobodyWaitsForAStreamThen(t *testing.T) {
	a, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	inUse, err := a.take()
	if err != nil {
		t.Fatal(err)
	}
	waiting, closed := make(chan error, 1), make(chan struct{})
	go func() {
		_, err := a.Line(ordinaryLine)
		waiting <- err
	}()
	time.Sleep(20 * time.Millisecond)
	go func() {
		a.Close()
		close(closed)
	}()
	select {
	case err := <-waiting:
		if err != ErrClosed {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("a call still waits for a stream")
	}
	select {
	case <-closed:
		t.Error("Close does not wait")
	case <-time.After(50 * time.Millisecond):
	}
	a.give(inUse)
	<-closed
}

func TestCountsDoNotHoldUpCloseNorAreHeldUpByIt(t *testing.T) {
	for turn := 0; turn < 300; turn++ {
		a, err := New(Options{Keyring: []byte(keyringText)}) // not closed at the end: where this fails, nothing can
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Value("user", "ada"); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			var all sync.WaitGroup
			for _, call := range []func(){func() { a.Counts() }, func() { a.Close() }, func() { a.Counts() }, func() { a.Close() }, func() { a.PolicyFingerprint() }} {
				all.Add(1)
				go func(call func()) {
					defer all.Done()
					call()
				}(call)
			}
			all.Wait()
			close(ended)
		}()
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Fatal("they wait for each other")
		}
		if got := a.Counts(); got != (Counts{}) {
			t.Fatalf("closed, it counts %+v", got)
		}
	}
}

// Whichever stream met the reject: the policy speaks of the run.
func TestAStopEndsEveryLaterCall(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	a := newAnonymizer(t, Options{Keyring: []byte(keyringText), Policy: "version = 1\n[rejects]\naction = \"fail\"\n", HasOwnNames: true})
	one, _ := a.take()
	two, err := a.take()
	if err != nil || one == two {
		t.Fatal("there are not two streams")
	}
	a.give(one)
	a.give(two)
	var wait sync.WaitGroup
	held, _ := a.take()
	other, _ := a.take()
	wait.Add(1)
	go func() { // it waits for a stream while the other one stops
		defer wait.Done()
		if _, err := a.Value("user", "ada"); err != ErrStopped {
			t.Error("a call that waited:", err)
		}
	}()
	time.Sleep(50 * time.Millisecond)
	if _, err := a.safeLine(held, "no line of any log"); err != ErrStopped {
		t.Error(err)
	}
	a.give(other) // which has met nothing
	wait.Wait()
	a.give(held)
	for turn := 0; turn < 4; turn++ {
		if made, err := a.Line(ordinaryLine); err != ErrStopped || made != "" {
			t.Error("Line:", made, err)
		}
		if made, err := a.AppendLine([]byte("x"), []byte(ordinaryLine)); err != ErrStopped || string(made) != "x" {
			t.Error("AppendLine:", err)
		}
		if made, err := a.Value("user", "ada"); err != ErrStopped || made != "-" {
			t.Error("Value:", made, err)
		}
		if made, err := a.AppendValue(nil, "user", []byte("ada"), time.Time{}); err != ErrStopped || len(made) != 0 {
			t.Error("AppendValue:", err)
		}
		record := Record{Fields: []Field{{Name: "user", Value: "ada"}}}
		if err := a.Record(&record); err != ErrStopped || record.Fields[0].SafeValue != "-" {
			t.Error("Record:", err)
		}
	}
	if got := a.Counts(); got != (Counts{Read: 1, Rejected: 1}) {
		t.Errorf("%+v", got)
	}

	// By each of the calls that can meet one.
	for name, call := range map[string]func(*Anonymizer) error{
		"Line":       func(a *Anonymizer) error { _, err := a.Line("no line of any log"); return err },
		"AppendLine": func(a *Anonymizer) error { _, err := a.AppendLine(nil, []byte("no line of any log")); return err },
		"Record": func(a *Anonymizer) error {
			return a.Record(&Record{Fields: []Field{{Name: "path", Value: strings.Repeat("/ada", 20000)}}})
		},
	} {
		a := newAnonymizer(t, Options{Keyring: []byte(keyringText), Policy: "version = 1\n[rejects]\naction = \"fail\"\n"})
		held, _ := a.take() // the streams that are made later have met nothing
		if err := call(a); err != ErrStopped {
			t.Errorf("%s: %v", name, err)
		}
		a.give(held)
		for turn := 0; turn < 3; turn++ {
			if _, err := a.Line(ordinaryLine); err != ErrStopped {
				t.Errorf("after %s: %v", name, err)
			}
		}
	}
}

func TestWithAKeyringCallsRunSideBySide(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	shared, alone := withKeys(t), newAnonymizer(t, Options{})
	one, _ := shared.take()
	two, _ := shared.take()
	if one == nil || two == nil || one == two || cap(alone.idle) != 1 {
		t.Error("one waits for the other")
	}
	shared.give(one)
	shared.give(two)
}

func TestKeysDecideWhoHasTheSamePseudonym(t *testing.T) {
	of := func(options Options) string {
		options.Now = caseTime
		made, err := newAnonymizer(t, options).Value("user", "alice")
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	if made := of(Options{Keyring: []byte(keyringText)}); made != "u-5jj7gc7miyixhgps" { // SPEC 3.3.6
		t.Error(made)
	}
	if of(Options{}) == of(Options{}) || of(Options{Keyring: []byte(keyringText), Recipient: "acme"}) == of(Options{Keyring: []byte(keyringText)}) {
		t.Error("different keys give the same pseudonym")
	}
}

func TestErrorsOfSettingUpSayWhatToMendAndNoKey(t *testing.T) {
	secret := strings.Repeat("5a", 32)
	var policy *PolicyError
	var keyring *KeyringError
	var format *FormatError
	for _, c := range []struct {
		options Options
		as      any
		says    string
	}{
		{Options{Policy: "version = 1\n[ip]\nmode = \"trunc\"\n"}, &policy, "3:8"},
		{Options{Policy: "balancd"}, &policy, "balanced"},
		{Options{Policy: "version = 1\n[fields]\nnothing_has_it = \"user\"\n"}, &policy, "nothing-has-it"},
		{Options{Keyring: []byte("anonlog-keyring 1\nera x - - " + secret + " AL1:0000000000000000\n")}, &keyring, "fingerprint"},
		{Options{Keyring: []byte{}}, &keyring, "keyring"},
		{Options{Format: "combind"}, &format, "combined"},
		{Options{Format: "%{unclosed %h"}, &format, ""},
	} {
		a, err := New(c.options)
		if a != nil || !errors.As(err, c.as) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), secret) {
			t.Errorf("%+v: %v is no %v", c.options.Policy+c.options.Format, err, reflect.TypeOf(c.as).Elem())
		}
	}
	if _, err := New(Options{Recipient: "not allowed!"}); err == nil {
		t.Error("a recipient of any bytes")
	}
}

func TestAKeyringIsReadAsTheCommandReadsIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	os.WriteFile(path, []byte(keyringText), 0o600)
	if text, err := ReadKeyring(path); err != nil || string(text) != keyringText {
		t.Fatal(err)
	}
	var wrong *KeyringError
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620} {
		os.Chmod(path, mode)
		if text, err := ReadKeyring(path); text != nil || !errors.As(err, &wrong) || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("%o: %v", mode, err)
		}
	}
	for _, other := range []string{filepath.Dir(path), path + "x", "/dev/null"} {
		if _, err := ReadKeyring(other); !errors.As(err, &wrong) {
			t.Errorf("%s: %v", other, err)
		}
	}
	folder := t.TempDir()
	os.Chmod(folder, 0o700)
	if _, err := ReadKeyring(folder); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "no regular file") {
		t.Error(err)
	}
	if os.Geteuid() == 0 {
		os.Chmod(path, 0o600)
		os.Chown(path, 65534, 65534)
		if _, err := ReadKeyring(path); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "somebody else") {
			t.Error(err)
		}
	}
	if text, err := ReadPolicy("strict"); err != nil || !strings.Contains(text, `preset = "strict"`) {
		t.Error(text, err)
	}
	var policy *PolicyError
	if _, err := ReadPolicy(path + ".toml"); !errors.As(err, &policy) {
		t.Error(err)
	}
}

func TestAppendingTakesNoMemory(t *testing.T) {
	a := withKeys(t)
	line, value, dst := []byte(ordinaryLine), []byte("ada"), make([]byte, 0, 1000)
	if n := testing.AllocsPerRun(200, func() { a.AppendLine(dst, line) }); n != 0 {
		t.Errorf("a line takes memory %v times", n)
	}
	if n := testing.AllocsPerRun(200, func() { a.AppendValue(dst, "user", value, caseTime) }); n != 0 {
		t.Errorf("a value takes memory %v times", n)
	}
}

func BenchmarkAppendLine(b *testing.B) {
	a, dst, line := withKeys(b), make([]byte, 0, 1000), []byte(ordinaryLine)
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		a.AppendLine(dst, line)
	}
}

func BenchmarkAppendValue(b *testing.B) {
	a, dst, value := withKeys(b), make([]byte, 0, 100), []byte("ada")
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		a.AppendValue(dst, "user", value, caseTime)
	}
}

func BenchmarkRecord(b *testing.B) {
	a := withKeys(b)
	record, _ := recordOf(1)
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		a.Record(&record)
	}
}

func BenchmarkWriter(b *testing.B) {
	w, _ := withKeys(b).Writer(io.Discard)
	log := bytes.Repeat([]byte(ordinaryLine+"\n"), 400)
	b.SetBytes(int64(len(log)))
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		w.Write(log)
	}
}
