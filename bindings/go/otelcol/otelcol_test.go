package otelcol

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"

	"anonlog.internal/anonlog"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

const (
	keyringText = "anonlog-keyring 1\nera test - - 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f AL1:1a0aa810a91056bb\n"
	caseTime    = 1768478400 * 1_000_000_000
	line        = `203.0.113.77 - ada [15/Jan/2026:12:34:56 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 "-" "curl/8.5.0"`
)

func keyring(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "keyring")
	if err := os.WriteFile(path, []byte(keyringText), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

type run struct {
	processor.Logs
	sink *consumertest.LogsSink
}

func start(t *testing.T, change func(*Config)) run {
	config := NewFactory().CreateDefaultConfig().(*Config)
	config.Keyring = keyring(t)
	change(config)
	if err := config.Validate(); err != nil {
		t.Fatal(err)
	}
	sink := new(consumertest.LogsSink)
	made, err := NewFactory().CreateLogs(context.Background(), processortest.NewNopSettings(component.MustNewType("anonlog")), config, sink)
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Start(context.Background(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { made.Shutdown(context.Background()) })
	return run{made, sink}
}

func as(word string) func(*Config) { return func(c *Config) { c.Body = word } }

func newRecord(logs plog.Logs) plog.LogRecord {
	return logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
}

// What comes out of a record; nil: it was dropped.
func (r run) of(t *testing.T, logs plog.Logs) *plog.LogRecord {
	r.sink.Reset()
	if err := r.ConsumeLogs(context.Background(), logs); err != nil {
		t.Fatal(err)
	}
	if r.sink.LogRecordCount() == 0 {
		return nil
	}
	made := r.sink.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	return &made
}

func TestAttributesAreTheLineOfJSONOfTheCommand(t *testing.T) {
	bin := os.Getenv("ANONLOG_BIN")
	if bin == "" {
		t.Skip("the command is not built here (ANONLOG_BIN)")
	}
	given := map[string]any{
		"client.address": "203.0.113.9", "user.name": "ada", "enduser.id": "ada@example.com", "url.full": "https://example.com/users/4711?token=s3cret", "url.path": "/users/4711",
		"http.response.status_code": int64(404), "http.request.method": "GET", "user_agent.original": "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/118.0",
		"http.request.header": map[string]any{"x-forwarded-for": []any{"203.0.113.9", "10.0.0.1"}, "cookie": []any{"sid=1"}}, "tls.resumed": true, "nobody": "ada", "number": int64(3405803785),
		"duration": 0.0123, "share": 1e-9, "big": 1e300, "nothing": nil, "ada@example.com": "x", "deep": map[string]any{"a": []any{map[string]any{"user": "ada"}, []any{int64(1), true, "ada"}}},
		"client.port": int64(51234), "severity": "INFO", "user.id": int64(4711), "network.peer.address": "2001:db8:1:2:3:4:5:6", "session.id": "abc", "empty": "",
	}
	logs := plog.NewLogs()
	record := newRecord(logs)
	record.SetTimestamp(caseTime + 1234567890)
	if err := record.Attributes().FromRaw(given); err != nil {
		t.Fatal(err)
	}
	made := start(t, as(bodyDrop)).of(t, logs)

	given["time_unix_nano"] = strconv.FormatInt(caseTime+1234567890, 10)
	text, _ := json.Marshal(given)
	command := exec.Command(bin, "-k", keyring(t))
	command.Stdin = bytes.NewReader(append(text, '\n'))
	said, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var wanted map[string]any
	if err := json.Unmarshal(said, &wanted); err != nil {
		t.Fatal(err)
	}
	if stamp := strconv.FormatInt(int64(made.Timestamp()), 10); stamp != wanted["time_unix_nano"] || stamp != strconv.FormatInt(caseTime, 10) {
		t.Errorf("the time is %s", stamp)
	}
	delete(wanted, "time_unix_nano")
	text, _ = json.Marshal(made.Attributes().AsRaw())
	var got map[string]any
	json.Unmarshal(text, &got)
	if !reflect.DeepEqual(got, wanted) || !strings.HasPrefix(got["user.name"].(string), "u-") {
		t.Errorf("got    %v\nwanted %v", got, wanted)
	}
}

func TestEveryTypeOfValueKeepsItsType(t *testing.T) {
	logs := plog.NewLogs()
	record := newRecord(logs)
	record.SetObservedTimestamp(caseTime + 5)
	a := record.Attributes()
	a.PutEmptyBytes("client.address").FromRaw([]byte("203.0.113.9"))
	a.PutEmptyBytes("user").FromRaw([]byte("ada\xff"))
	a.PutDouble("http.response.body.size", 512)
	a.PutDouble("bytes", math.NaN())
	a.PutInt("status", 404)
	a.PutBool("tls.resumed", true)
	a.PutBool("is_ada", true)
	a.PutEmpty("remote_addr")
	a.PutEmptySlice("user.name").AppendEmpty().SetStr("ada")
	a.PutEmptyMap("client").PutStr("address", "203.0.113.9")
	made := start(t, as(bodyLine)).of(t, logs)
	got := made.Attributes().AsRaw()
	users := got["user.name"].([]any)
	if !reflect.DeepEqual(got["client.address"], []byte("203.0.113.0")) || !reflect.DeepEqual(got["user"], []byte("-")) || got["http.response.body.size"] != 512.0 || got["bytes"] != nil ||
		got["status"] != int64(404) || got["tls.resumed"] != true || got["is_ada"] != nil || got["remote_addr"] != nil || !strings.HasPrefix(users[0].(string), "u-") ||
		!reflect.DeepEqual(got["client"], map[string]any{"address": "203.0.113.0"}) || len(got) != 10 {
		t.Errorf("%v", got)
	}
	if made.ObservedTimestamp() != caseTime || made.Timestamp() != 0 {
		t.Error(made.ObservedTimestamp(), made.Timestamp())
	}
}

func TestABodyIsALineOrTextOrDropped(t *testing.T) {
	bodies := map[string]func(pcommon.Value){
		"line": func(v pcommon.Value) { v.SetStr(line) }, "other": func(v pcommon.Value) { v.SetStr("ada came from 203.0.113.77") },
		"bytes": func(v pcommon.Value) { v.SetEmptyBytes().FromRaw([]byte(line)) }, "binary": func(v pcommon.Value) { v.SetEmptyBytes().FromRaw([]byte("ada\xff")) },
		"int": func(v pcommon.Value) { v.SetInt(3405803785) }, "double": func(v pcommon.Value) { v.SetDouble(3405803785) }, "bool": func(v pcommon.Value) { v.SetBool(true) },
		"map":   func(v pcommon.Value) { v.FromRaw(map[string]any{"remote_addr": "203.0.113.9", "own": "ada"}) },
		"slice": func(v pcommon.Value) { v.FromRaw([]any{"ada", int64(4711), map[string]any{"user": "ada"}}) }, "empty": func(pcommon.Value) {},
	}
	safeLine := `203.0.113.0 - u-`
	safeMap, safeSlice := any(map[string]any{"remote_addr": "203.0.113.0", "own": "-"}), any([]any{"-", nil, map[string]any{"user": "-"}})
	for mode, wanted := range map[string]map[string]any{
		bodyLine: {"line": safeLine, "other": "-", "bytes": safeLine, "binary": "-", "map": safeMap, "slice": safeSlice},
		bodyText: {"line": `:ip - ada [`, "other": "ada came from :ip", "bytes": `:ip - ada [`, "binary": "-", "map": safeMap, "slice": safeSlice},
		bodyDrop: {},
	} {
		r := start(t, as(mode))
		for name, set := range bodies {
			logs := plog.NewLogs()
			record := newRecord(logs)
			record.SetTimestamp(caseTime)
			set(record.Body())
			kind := record.Body().Type()
			made := r.of(t, logs).Body()
			got := made.AsRaw()
			if raw, isBytes := got.([]byte); isBytes {
				got = string(raw)
			}
			text, isText := got.(string)
			want, _ := wanted[name].(string)
			if isText && (want == "" || !strings.HasPrefix(text, want) || strings.Contains(text, "113.77") || made.Type() != kind) || !isText && !reflect.DeepEqual(got, wanted[name]) {
				t.Errorf("%s as %s: %v, not %v", name, mode, got, wanted[name])
			}
		}
	}
}

func TestResourceScopeAndWhatStandsInARecordGoThroughThePolicy(t *testing.T) {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.SetSchemaUrl("https://ada.example/203.0.113.9")
	resource.Resource().SetDroppedAttributesCount(3405803785)
	resource.Resource().Attributes().PutStr("service.name", "shop")
	resource.Resource().Attributes().PutStr("user.name", "ada")
	resource.Resource().Attributes().PutStr("nobody", "ada")
	scope := resource.ScopeLogs().AppendEmpty()
	scope.SetSchemaUrl("ada")
	scope.Scope().SetName("ada")
	scope.Scope().SetVersion("203.0.113.9")
	scope.Scope().SetDroppedAttributesCount(3405803785)
	scope.Scope().Attributes().PutStr("client.address", "203.0.113.9")
	record := scope.LogRecords().AppendEmpty()
	record.SetTimestamp(caseTime + 61)
	record.SetObservedTimestamp(caseTime + 1e12)
	record.SetSeverityNumber(3405803785 & math.MaxInt32)
	record.SetSeverityText("ada lovelace")
	record.SetEventName("ada")
	record.SetFlags(3405803785)
	record.SetDroppedAttributesCount(3405803785)
	record.SetTraceID([16]byte([]byte("zqplantedusertra")))
	record.SetSpanID([8]byte([]byte("zqplante")))

	r := start(t, func(c *Config) { c.Attributes = map[string]string{"service.name": "keep", "trace_id": "session"} })
	made := r.of(t, logs)
	all, _ := (&plog.JSONMarshaler{}).MarshalLogs(r.sink.AllLogs()[0])
	for _, planted := range []string{"ada", "203.0.113.9", "3405803785", record.TraceID().String(), record.SpanID().String()} {
		if bytes.Contains(all, []byte(planted)) {
			t.Errorf("%s came out: %s", planted, all)
		}
	}
	out := r.sink.AllLogs()[0].ResourceLogs().At(0)
	attributes := out.Resource().Attributes().AsRaw()
	if attributes["service.name"] != "shop" || !strings.HasPrefix(attributes["user.name"].(string), "u-") || attributes["nobody"] != "-" {
		t.Error(attributes)
	}
	if token, _ := made.Attributes().Get("trace_id"); !strings.HasPrefix(token.Str(), "s-") && made.Attributes().Len() == 1 {
		t.Error(made.Attributes().AsRaw())
	}
	if made.Timestamp() != caseTime || made.ObservedTimestamp() != caseTime || made.SeverityNumber() != 0 || made.Flags() != 0 {
		t.Error(made.Timestamp(), made.ObservedTimestamp(), made.SeverityNumber())
	}
	ordinary := plog.NewLogs()
	record = newRecord(ordinary)
	record.SetSeverityNumber(plog.SeverityNumberWarn)
	record.SetSeverityText("WARN")
	record.SetTimestamp(3405803785) // of 1970: any number
	if made := r.of(t, ordinary); made.SeverityNumber() != plog.SeverityNumberWarn || made.SeverityText() != "WARN" || made.Timestamp() != 0 {
		t.Error(made.SeverityNumber(), made.SeverityText(), made.Timestamp())
	}
}

func TestWhatIsNotUnderstoodIsDroppedAndTheOthersGoOn(t *testing.T) {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	records.AppendEmpty().Attributes().PutInt("status", 1)
	deep := records.AppendEmpty().Attributes().PutEmptyMap("a")
	for range 100 {
		deep = deep.PutEmptyMap("a")
	}
	deep.PutStr("user", "ada")
	records.AppendEmpty().Attributes().PutStr("path", strings.Repeat("/ada", 20000))
	many := records.AppendEmpty().Attributes()
	for i := range 4200 {
		many.PutStr("a"+strconv.Itoa(i), "ada")
	}
	records.AppendEmpty().Attributes().PutStr("http.request.header.dnt", "1")
	records.AppendEmpty().Attributes().PutInt("status", 200)
	policy := filepath.Join(t.TempDir(), "policy.toml")
	os.WriteFile(policy, []byte("version = 1\npreset = \"balanced\"\n[signals]\ndnt = \"drop\"\n"), 0o600)
	r := start(t, func(c *Config) { c.Policy = policy })
	r.of(t, logs)
	out := r.sink.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	if status, _ := out.At(out.Len() - 1).Attributes().Get("status"); out.Len() != 2 || status.Int() != 200 {
		t.Errorf("%d records went on", out.Len())
	}

	broken := plog.NewLogs()
	newRecord(broken)
	broken.ResourceLogs().At(0).Resource().Attributes().PutStr("path", strings.Repeat("/ada", 20000))
	if r.of(t, broken) != nil || len(r.sink.AllLogs()) != 0 {
		t.Error("a resource that is not understood went on")
	}
}

func TestWhatCannotBeSetUpDoesNotStart(t *testing.T) {
	readable := keyring(t)
	os.Chmod(readable, 0o644)
	own := filepath.Join(t.TempDir(), "policy.toml")
	os.WriteFile(own, []byte("version = 1\n[fields]\nx = \"user\"\n"), 0o600)
	for name, change := range map[string]func(*Config){
		"policy": func(c *Config) { c.Policy = "balancd" }, "no policy": func(c *Config) { c.Policy = own + "x" }, "keyring": func(c *Config) { c.Keyring = readable },
		"no keyring": func(c *Config) { c.Keyring = readable + "x" }, "format": func(c *Config) { c.Format = "combind" }, "class": func(c *Config) { c.Attributes = map[string]string{"x": "usr"} },
		"two lists": func(c *Config) { c.Policy, c.Attributes = own, map[string]string{"y": "user"} }, "recipient": func(c *Config) { c.Recipient = "A b" },
	} {
		config := &Config{Policy: "balanced", Body: bodyLine, Keyring: keyring(t)}
		change(config)
		made, err := NewFactory().CreateLogs(context.Background(), processortest.NewNopSettings(component.MustNewType("anonlog")), config, consumertest.NewNop())
		if err != nil {
			t.Fatal(err)
		}
		if err := made.Start(context.Background(), componenttest.NewNopHost()); err == nil {
			t.Errorf("%s: it starts", name)
		}
		logs := plog.NewLogs()
		newRecord(logs).Body().SetStr(line)
		if err := made.ConsumeLogs(context.Background(), logs); err == nil {
			t.Errorf("%s: it takes logs", name)
		}
		if err := made.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	}
	for _, config := range []Config{{Policy: "balanced", Body: "raw"}, {Body: bodyLine}, {Policy: "balanced", Body: bodyLine, Attributes: map[string]string{"a\nb": "user"}},
		{Policy: "balanced", Body: bodyLine, Attributes: map[string]string{"": "user"}}} {
		if config.Validate() == nil {
			t.Errorf("%+v is valid", config)
		}
	}
	start(t, func(c *Config) { c.Attributes = map[string]string{`a "name" \ of mine`: "user"} })
}

// Text is what a body is said to be: never what becomes of a line that is none (CLI.md 6), and never a line either.
func TestTextIsNoSecondChanceForALine(t *testing.T) {
	for mode, wanted := range map[string]string{bodyLine: "-", bodyText: "ada 11"} {
		logs := plog.NewLogs()
		record := newRecord(logs)
		record.SetTimestamp(caseTime)
		record.Body().SetStr("ada 11")
		if got := start(t, func(c *Config) { c.Body, c.Format = mode, "combined" }).of(t, logs).Body().Str(); got != wanted {
			t.Errorf("%s: %q, not %q", mode, got, wanted)
		}
	}
	// Nor does the format say anything about a text: a whole record is not lost for it.
	long := plog.NewLogs()
	newRecord(long).Body().SetStr("203.0.113.77 " + strings.Repeat("ada ", 20000))
	made := start(t, as(bodyText)).of(t, long)
	if made == nil || strings.Contains(made.Body().Str(), "203") {
		t.Error("a long text did not go on as it should")
	}
}

// What becomes of a call is counted, also when the policy ends the run: then of every call that comes after.
func TestWhatIsNotSentOnForAStopIsCounted(t *testing.T) {
	policy := filepath.Join(t.TempDir(), "policy.toml")
	os.WriteFile(policy, []byte("version = 1\n[rejects]\naction = \"fail\"\n"), 0o600)
	reader := sdkmetric.NewManualReader()
	settings := processortest.NewNopSettings(component.MustNewType("anonlog"))
	settings.MeterProvider = sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))
	sink := new(consumertest.LogsSink)
	made, err := NewFactory().CreateLogs(context.Background(), settings, &Config{Policy: policy, Body: bodyLine, Keyring: keyring(t)}, sink)
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Start(context.Background(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	defer made.Shutdown(context.Background())
	send := func(isBroken bool) error {
		logs := plog.NewLogs()
		records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
		for i := range 5 {
			attributes := records.AppendEmpty().Attributes()
			if isBroken && i == 2 {
				attributes.PutStr("path", strings.Repeat("/ada", 20000))
			}
		}
		return made.ConsumeLogs(context.Background(), logs)
	}
	if err := send(false); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := send(true); !consumererror.IsPermanent(err) || !errors.Is(err, anonlog.ErrStopped) {
			t.Error(err)
		}
	}
	if err := send(false); !errors.Is(err, anonlog.ErrStopped) {
		t.Error("a call after the stop:", err)
	}
	var all metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &all); err != nil {
		t.Fatal(err)
	}
	dropped := map[string]int64{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			if sum, isSum := m.Data.(metricdata.Sum[int64]); isSum && m.Name == "otelcol_processor_anonlog_dropped_records" {
				for _, point := range sum.DataPoints {
					cause, _ := point.Attributes.Value("cause")
					dropped[cause.AsString()] += point.Value
				}
			}
		}
	}
	if sink.LogRecordCount() != 5 || len(dropped) != 1 || dropped["stopped"] != 20 {
		t.Errorf("%d went on, dropped: %v", sink.LogRecordCount(), dropped)
	}
}

func TestTheContractOfTheCollector(t *testing.T) {
	processortest.VerifyShutdown(t, NewFactory(), NewFactory().CreateDefaultConfig())
	if !start(t, as(bodyLine)).Capabilities().MutatesData {
		t.Error("it says that it does not change data")
	}

	// rejects.action = "fail": the same data would end so again.
	policy := filepath.Join(t.TempDir(), "policy.toml")
	os.WriteFile(policy, []byte("version = 1\n[rejects]\naction = \"fail\"\n"), 0o600)
	stopping := start(t, func(c *Config) { c.Policy = policy })
	logs := plog.NewLogs()
	newRecord(logs).Attributes().PutStr("path", strings.Repeat("/ada", 20000))
	if err := stopping.ConsumeLogs(context.Background(), logs); !consumererror.IsPermanent(err) || !errors.Is(err, anonlog.ErrStopped) {
		t.Error(err)
	}

	// Shutdown while calls are running.
	r := start(t, as(bodyLine))
	var all sync.WaitGroup
	accepted := make([]int, 8)
	for worker := range accepted {
		all.Add(1)
		go func() {
			defer all.Done()
			for {
				logs := plog.NewLogs()
				newRecord(logs).Body().SetStr(line)
				if err := r.ConsumeLogs(context.Background(), logs); err != nil {
					if consumererror.IsPermanent(err) || !errors.Is(err, anonlog.ErrClosed) {
						t.Error(err)
					}
					return
				}
				accepted[worker]++
				if accepted[worker] == 50 && worker == 0 {
					go r.Shutdown(context.Background())
				}
			}
		}()
	}
	all.Wait()
	sum := 0
	for _, n := range accepted {
		sum += n
	}
	if r.sink.LogRecordCount() != sum {
		t.Errorf("%d of %d", r.sink.LogRecordCount(), sum)
	}
}
