// Package otelcol is a processor of logs for the OpenTelemetry Collector: it takes the people out of records, their resources and
// their scopes before anything behind it sees them.
package otelcol

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"anonlog.internal/anonlog"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"
)

// Config is what stands below `anonlog:` in the collector's configuration.
type Config struct {
	Policy     string            `mapstructure:"policy"`     // a preset, or the path of a policy
	Keyring    string            `mapstructure:"keyring"`    // a path; "": ephemeral keys
	Format     string            `mapstructure:"format"`     // of lines in bodies
	Recipient  string            `mapstructure:"recipient"`  // key branch for one receiver
	Body       string            `mapstructure:"body"`       // what a body of text is: line, text or drop
	Attributes map[string]string `mapstructure:"attributes"` // name: class; added to [fields] of the policy
}

const (
	bodyLine = "line" // of the format; what is none becomes "-"
	bodyText = "text" // what people read, never a line: scrubbed, best effort
	bodyDrop = "drop" // no body at all
)

// Validate looks at what stands in the configuration alone; files are read at the start.
func (c *Config) Validate() error {
	if !slices.Contains([]string{bodyLine, bodyText, bodyDrop}, c.Body) {
		return fmt.Errorf("body: unknown word %q; known: line, text, drop", c.Body)
	}
	if c.Policy == "" {
		return errors.New("policy: a preset or the path of a policy is missing")
	}
	for name, class := range c.Attributes {
		if name == "" || strings.ContainsFunc(name+class, unicode.IsControl) {
			return errors.New("attributes: a name or a class is empty or holds a control character")
		}
	}
	return nil
}

// The policy with the attributes behind it.
func (c *Config) policy() (string, error) {
	text, err := anonlog.ReadPolicy(c.Policy)
	if err != nil || len(c.Attributes) == 0 {
		return text, err
	}
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	lines := make([]string, 0, len(c.Attributes))
	for name, class := range c.Attributes {
		lines = append(lines, fmt.Sprintf("\"%s\" = \"%s\"\n", quoted.Replace(name), quoted.Replace(class)))
	}
	slices.Sort(lines)
	return text + "\n[fields]\n" + strings.Join(lines, ""), nil
}

func (c *Config) anonymizer() (*anonlog.Anonymizer, error) {
	policy, err := c.policy()
	if err != nil {
		return nil, err
	}
	options := anonlog.Options{Policy: policy, Format: c.Format, Recipient: c.Recipient, HasOwnNames: true}
	if c.Keyring != "" {
		if options.Keyring, err = anonlog.ReadKeyring(c.Keyring); err != nil {
			return nil, err
		}
		defer clear(options.Keyring)
	}
	made, err := anonlog.New(options)
	var wrong *anonlog.PolicyError
	if errors.As(err, &wrong) && len(c.Attributes) > 0 {
		return nil, fmt.Errorf("%w (attributes stand behind the policy as its [fields]; a policy that has its own takes them there)", err)
	}
	return made, err
}

// NewFactory is what the collector's builder asks for.
func NewFactory() processor.Factory {
	return processor.NewFactory(component.MustNewType("anonlog"), func() component.Config { return &Config{Policy: "balanced", Body: bodyLine} },
		processor.WithLogs(createLogs, component.StabilityLevelBeta))
}

func createLogs(ctx context.Context, settings processor.Settings, config component.Config, next consumer.Logs) (processor.Logs, error) {
	p := &logs{config: config.(*Config), logger: settings.Logger}
	if err := p.countWith(settings); err != nil {
		return nil, err
	}
	return processorhelper.NewLogs(ctx, settings, config, next, p.process, processorhelper.WithCapabilities(consumer.Capabilities{MutatesData: true}),
		processorhelper.WithStart(p.start), processorhelper.WithShutdown(p.shutdown))
}
