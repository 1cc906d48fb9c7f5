package otelcol

import (
	"context"
	"errors"
	"sync/atomic"

	"anonlog.internal/anonlog"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"
)

// One processor of one pipeline.
type logs struct {
	config     *Config
	logger     *zap.Logger
	anonymizer *anonlog.Anonymizer

	dropped       metric.Int64Counter
	which         attribute.KeyValue
	droppedSoFar  atomic.Uint64
	passedOnSoFar atomic.Uint64
}

func (p *logs) countWith(settings processor.Settings) (err error) {
	p.which = attribute.String("processor", settings.ID.String())
	p.dropped, err = settings.MeterProvider.Meter("anonlog.internal/anonlog/otelcol").Int64Counter("otelcol_processor_anonlog_dropped_records",
		metric.WithDescription("Log records that nobody understood, or that the policy withholds"), metric.WithUnit("{records}"))
	return err
}

func (p *logs) start(context.Context, component.Host) (err error) {
	p.anonymizer, err = p.config.anonymizer()
	return err
}

// The collector asks for it when no more data come; Close waits for what is still in hand, and wipes the keys.
func (p *logs) shutdown(context.Context) error {
	if p.anonymizer == nil { // it was never started
		return nil
	}
	return p.anonymizer.Close()
}

// What goes on is made anew from safe values, so that nothing which this code does not know of (fields of later versions of OTLP,
// entities of resources) can go on by being overlooked.
func (p *logs) process(ctx context.Context, in plog.Logs) (plog.Logs, error) {
	out := plog.NewLogs()
	b := batch{logs: p}
	for _, resource := range in.ResourceLogs().All() {
		if err := b.addResource(resource, out.ResourceLogs()); err != nil {
			if consumererror.IsPermanent(err) { // nothing of it goes on, and nobody sends it again
				b.stop(in.LogRecordCount())
				p.count(ctx, b)
			}
			return plog.NewLogs(), err
		}
	}
	p.count(ctx, b)
	if b.passed == 0 {
		return out, processorhelper.ErrSkipProcessingData
	}
	return out, nil
}

// Said when their number has doubled, without a byte of them.
func (p *logs) count(ctx context.Context, b batch) {
	passed := p.passedOnSoFar.Add(b.passed)
	for cause, dropped := range b.dropped {
		if dropped == 0 {
			continue
		}
		p.dropped.Add(ctx, int64(dropped), metric.WithAttributes(p.which, attribute.String("cause", causes[cause])))
		before := p.droppedSoFar.Add(dropped) - dropped
		if now := before + dropped; before == 0 || log2(now) != log2(before) {
			p.logger.Warn("records were dropped: not understood, or withheld by the policy", zap.Uint64("dropped", now), zap.Uint64("passed_on", passed))
		}
	}
}

func log2(n uint64) (bits int) {
	for ; n > 1; n /= 2 {
		bits++
	}
	return bits
}

const (
	causeWithheld = iota // nobody understands it, or the policy says so
	causeTooDeep         // maps and slices within one another
	causeInternal        // a fault of ours
	causeStopped         // rejects.action = "fail": the reject, what came with it, and all after
	causeCount
)

var causes = [causeCount]string{"withheld", "too_deep", "internal", "stopped"}

// The logs of one call.
type batch struct {
	logs    *logs
	passed  uint64
	dropped [causeCount]uint64
	record  record // its memory is used again
}

// All the records of the call are dropped, also those that had passed: what had been dropped by itself keeps its cause.
func (b *batch) stop(records int) {
	rest := uint64(records)
	for _, dropped := range b.dropped {
		rest -= dropped
	}
	b.dropped[causeStopped] += rest
	b.passed = 0
}

// Transforms what was put into the record. Neither true nor an error: this many records must be dropped, and were counted.
func (b *batch) transform(records int) (bool, error) {
	return b.settle(b.logs.transform(&b.record), records)
}

func (b *batch) settle(err error, records int) (bool, error) {
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, errTooDeep):
		b.dropped[causeTooDeep] += uint64(records)
	case errors.Is(err, anonlog.ErrWithheld):
		b.dropped[causeWithheld] += uint64(records)
	case errors.Is(err, anonlog.ErrStopped): // as the policy says; another try ends so too
		return false, consumererror.NewPermanent(err)
	case errors.Is(err, anonlog.ErrNoMemory), errors.Is(err, anonlog.ErrClosed): // another try may do
		return false, err
	default:
		b.dropped[causeInternal] += uint64(records)
	}
	return false, nil
}

func (p *logs) transform(r *record) error {
	if r.err != nil {
		return r.err
	}
	if p.anonymizer == nil {
		return anonlog.ErrClosed
	}
	return p.anonymizer.Record(&r.Record)
}

// A resource, or a scope, is a record of its own: it belongs to many. Its time is that of the first of them.
func (b *batch) addResource(in plog.ResourceLogs, to plog.ResourceLogsSlice) error {
	records := 0
	for _, scope := range in.ScopeLogs().All() {
		records += scope.LogRecords().Len()
	}
	b.record.begin(timeOfFirst(in))
	b.record.addMap(in.Resource().Attributes())
	if isSafe, err := b.transform(records); !isSafe {
		return err
	}
	out := plog.NewResourceLogs()
	b.record.takeMap(in.Resource().Attributes(), out.Resource().Attributes())
	for _, scope := range in.ScopeLogs().All() {
		if err := b.addScope(scope, out.ScopeLogs()); err != nil {
			return err
		}
	}
	if out.ScopeLogs().Len() > 0 {
		out.MoveTo(to.AppendEmpty())
	}
	return nil
}

func (b *batch) addScope(in plog.ScopeLogs, to plog.ScopeLogsSlice) error {
	b.record.begin(timeOfScope(in))
	b.record.addText("otel.scope.name", in.Scope().Name())
	b.record.addText("otel.scope.version", in.Scope().Version())
	b.record.addMap(in.Scope().Attributes())
	if isSafe, err := b.transform(in.LogRecords().Len()); !isSafe {
		return err
	}
	out := plog.NewScopeLogs()
	out.Scope().SetName(b.record.takeText())
	out.Scope().SetVersion(b.record.takeText())
	b.record.takeMap(in.Scope().Attributes(), out.Scope().Attributes())
	for _, record := range in.LogRecords().All() {
		if err := b.addLogRecord(record, out.LogRecords()); err != nil {
			return err
		}
	}
	if out.LogRecords().Len() > 0 {
		out.MoveTo(to.AppendEmpty())
	}
	return nil
}

func (b *batch) addLogRecord(in plog.LogRecord, to plog.LogRecordSlice) error {
	body := b.logs.config.Body
	b.record.beginLog(in, body)
	if isSafe, err := b.transform(1); !isSafe {
		return err
	}
	out := plog.NewLogRecord()
	b.record.takeLog(in, out, body)
	if body == bodyText && isText(in.Body()) {
		text, err := b.logs.anonymizer.ValueAt("text", textOf(in.Body()), timeOf(in))
		if isSafe, err := b.settle(err, 1); !isSafe {
			return err
		}
		setText(out.Body(), in.Body().Type(), text)
	}
	out.MoveTo(to.AppendEmpty())
	b.passed++
	return nil
}

func timeOfFirst(in plog.ResourceLogs) pcommon.Timestamp {
	for _, scope := range in.ScopeLogs().All() {
		if found := timeOfScope(scope); found != 0 {
			return found
		}
	}
	return 0
}

func timeOfScope(in plog.ScopeLogs) pcommon.Timestamp {
	for _, record := range in.LogRecords().All() {
		if found := stampOf(record); found != 0 {
			return found
		}
	}
	return 0
}
