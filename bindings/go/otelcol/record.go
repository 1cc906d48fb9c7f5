package otelcol

import (
	"errors"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"anonlog.internal/anonlog"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// A record of libanonlog made of what the collector holds, and the way back: values are put in by `add...` and taken out by
// `take...` in the same order.
//
// Names are those of OTLP's own definition: `time_unix_nano`, `severity_text`, `trace_id`; attributes and the members of a body
// that is a map stand beside them, as in a line of JSON. A body of text is `message`, which may be a line of the format; where the
// configuration says that it is what people read, it is no part of the record.
type record struct {
	anonlog.Record
	depth int
	next  int   // to be taken
	err   error // why it cannot be transformed
}

const mostDepth = 62 // the record itself is one of libanonlog's 63

var errTooDeep = errors.New("maps and slices are too deep within one another")

// Nobody's log is from before 1973, and the count of nanoseconds before has the digits of another unit (SPEC 3.5): it could be
// any number.
const firstStamp = 100_000_000_000_000_000

func stampOf(in plog.LogRecord) pcommon.Timestamp {
	for _, stamp := range []pcommon.Timestamp{in.Timestamp(), in.ObservedTimestamp()} {
		if stamp >= firstStamp && stamp <= math.MaxInt64 {
			return stamp
		}
	}
	return 0
}

func timeOf(in plog.LogRecord) time.Time { return asTime(stampOf(in)) }

func asTime(stamp pcommon.Timestamp) time.Time {
	if stamp == 0 {
		return time.Time{}
	}
	return stamp.AsTime()
}

func (r *record) begin(stamp pcommon.Timestamp) {
	r.Fields, r.Time, r.depth, r.next, r.err = r.Fields[:0], asTime(stamp), 1, 0, nil
}

func (r *record) add(f anonlog.Field) { r.Fields = append(r.Fields, f) }

func (r *record) addText(name, text string) { r.add(anonlog.Field{Name: name, Value: text}) }

func (r *record) addStamp(name string, stamp pcommon.Timestamp) {
	if stamp >= firstStamp {
		r.addText(name, strconv.FormatUint(uint64(stamp), 10))
	}
}

func (r *record) addMap(in pcommon.Map) {
	for name, value := range in.All() {
		r.addValue(anonlog.Field{Name: name}, value)
	}
}

// A value below the name that the field has.
func (r *record) addValue(f anonlog.Field, value pcommon.Value) {
	switch value.Type() {
	case pcommon.ValueTypeStr, pcommon.ValueTypeBytes:
		f.Value = textOf(value)
	case pcommon.ValueTypeBool:
		f.Kind, f.Value = anonlog.Boolean, strconv.FormatBool(value.Bool())
	case pcommon.ValueTypeInt:
		f.Kind, f.Value = anonlog.Number, strconv.FormatInt(value.Int(), 10)
	case pcommon.ValueTypeDouble:
		f.Kind, f.Value = anonlog.Number, numberText(value.Double())
		if f.Value == "" {
			f.Kind = anonlog.Null
		}
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		r.addBranch(f, value)
		return
	default:
		f.Kind = anonlog.Null
	}
	r.add(f)
}

func (r *record) addBranch(f anonlog.Field, value pcommon.Value) {
	if r.depth == mostDepth {
		r.err = errTooDeep
		return
	}
	r.depth++
	f.Kind = anonlog.Open
	r.add(f)
	if value.Type() == pcommon.ValueTypeMap {
		r.addMap(value.Map())
	} else {
		for _, element := range value.Slice().All() {
			r.addValue(anonlog.Field{IsElement: true}, element)
		}
	}
	r.add(anonlog.Field{Kind: anonlog.Close})
	r.depth--
}

func isText(value pcommon.Value) bool {
	return value.Type() == pcommon.ValueTypeStr || value.Type() == pcommon.ValueTypeBytes
}

// Bytes that are no text are nobody's to understand.
func textOf(value pcommon.Value) string {
	if value.Type() == pcommon.ValueTypeStr {
		return value.Str()
	}
	if text := value.Bytes().AsRaw(); utf8.Valid(text) {
		return string(text)
	}
	return "-"
}

// As JSON writes it; "" for what has no such form.
func numberText(number float64) string {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return ""
	}
	form := byte('f')
	if size := math.Abs(number); size != 0 && (size < 1e-6 || size >= 1e21) {
		form = 'e'
	}
	return strconv.FormatFloat(number, form, -1, 64)
}

// The first time that can be read chooses the epoch of pseudonyms: that of the record, else one in it, else that of its collection.
func (r *record) beginLog(in plog.LogRecord, body string) {
	r.begin(0)
	r.addStamp("time_unix_nano", in.Timestamp())
	r.addText("severity_text", in.SeverityText())
	r.addText("event_name", in.EventName())
	r.addText("trace_id", in.TraceID().String())
	r.addText("span_id", in.SpanID().String())
	r.addMap(in.Attributes())
	r.addBody(in.Body(), body)
	r.addStamp("observed_time_unix_nano", in.ObservedTimestamp())
}

// Whether a body is left out of the record: a text that is no line is a value of class text, by itself.
func hasNoField(in pcommon.Value, body string) bool {
	return body == bodyDrop || body == bodyText && isText(in)
}

func (r *record) addBody(in pcommon.Value, body string) {
	switch {
	case hasNoField(in, body):
	case in.Type() == pcommon.ValueTypeMap:
		r.addMap(in.Map())
	case isText(in):
		r.addText("message", textOf(in))
	default:
		r.addValue(anonlog.Field{Name: "body"}, in)
	}
}

// Sets what has a place of its own; the rest of OTLP's record (flags, the count of dropped attributes) tells nothing that is
// worth a doubt, for a sender may put any number there.
func (r *record) takeLog(in, out plog.LogRecord, body string) {
	out.SetTimestamp(r.takeStamp(in.Timestamp()))
	out.SetSeverityText(r.takeText())
	out.SetEventName(r.takeText())
	r.takeID("trace_id", out)
	r.takeID("span_id", out)
	r.takeMap(in.Attributes(), out.Attributes())
	r.takeBody(in.Body(), out.Body(), body)
	out.SetObservedTimestamp(r.takeStamp(in.ObservedTimestamp()))
	if number := in.SeverityNumber(); number >= plog.SeverityNumberUnspecified && number <= plog.SeverityNumberFatal4 {
		out.SetSeverityNumber(number)
	}
}

func (r *record) takeBody(in, out pcommon.Value, body string) {
	switch {
	case hasNoField(in, body):
	case in.Type() == pcommon.ValueTypeMap:
		r.takeMap(in.Map(), out.SetEmptyMap())
	default:
		r.takeValue(r.take(), in, out)
	}
}

func (r *record) take() *anonlog.Field {
	f := &r.Fields[r.next]
	r.next++
	return f
}

// What was empty stays so, and so does what nobody knows: a name of a scope that is "-" would tell no more.
func (r *record) takeText() string {
	if f := r.take(); f.SafeKind == anonlog.Text && f.SafeValue != "-" {
		return f.SafeValue
	}
	return ""
}

func (r *record) takeStamp(given pcommon.Timestamp) pcommon.Timestamp {
	if given < firstStamp {
		return 0
	}
	stamp, _ := strconv.ParseUint(r.take().SafeValue, 10, 64) // 0 if none may be passed on
	return pcommon.Timestamp(stamp)
}

// The fixed width of an id holds no pseudonym; where a policy makes one of it ([fields] trace_id = "session"), it is an attribute.
func (r *record) takeID(name string, out plog.LogRecord) {
	if text := r.takeText(); text != "" {
		out.Attributes().PutStr(name, text)
	}
}

func (r *record) takeMap(in, out pcommon.Map) {
	out.EnsureCapacity(out.Len() + in.Len())
	for _, value := range in.All() {
		f := r.take()
		r.takeValue(f, value, out.PutEmpty(f.SafeName))
	}
}

// What may not be passed on stays empty.
func (r *record) takeValue(f *anonlog.Field, in, out pcommon.Value) {
	switch f.SafeKind {
	case anonlog.Text:
		setText(out, in.Type(), f.SafeValue)
	case anonlog.Boolean:
		out.SetBool(f.SafeValue == "true")
	case anonlog.Number:
		setNumber(out, in.Type(), f.SafeValue)
	case anonlog.Open:
		if in.Type() == pcommon.ValueTypeMap {
			r.takeMap(in.Map(), out.SetEmptyMap())
		} else {
			made := out.SetEmptySlice()
			made.EnsureCapacity(in.Slice().Len())
			for _, element := range in.Slice().All() {
				r.takeValue(r.take(), element, made.AppendEmpty())
			}
		}
		r.next++ // its end
	}
}

func setText(out pcommon.Value, kind pcommon.ValueType, text string) {
	if kind == pcommon.ValueTypeBytes {
		out.SetEmptyBytes().FromRaw([]byte(text))
	} else {
		out.SetStr(text)
	}
}

func setNumber(out pcommon.Value, kind pcommon.ValueType, text string) {
	if whole, err := strconv.ParseInt(text, 10, 64); err == nil && kind == pcommon.ValueTypeInt {
		out.SetInt(whole)
	} else if number, err := strconv.ParseFloat(text, 64); err == nil {
		out.SetDouble(number)
	}
}
