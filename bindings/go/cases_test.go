package anonlog

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const keyringText = "anonlog-keyring 1\nera test - - 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f AL1:1a0aa810a91056bb\n"

var caseTime = time.Unix(1768478400, 0)

type acceptanceCase struct {
	ID             string          `json:"id"`
	Transform      string          `json:"transform"`
	Params         json.RawMessage `json:"params"`
	Input          string          `json:"input"`
	Expect         string          `json:"expect"`
	MustNotContain []string        `json:"must_not_contain"`

	policy  string
	hasKey  bool
	isLater bool // a feature that is not in this version
	time    time.Time
}

func (c *acceptanceCase) class() string {
	if name, isOther := map[string]string{"xff": "ip_list", "ua": "agent", "sig": "bytes", "kanon": "ip"}[c.Transform]; isOther {
		return name
	}
	return c.Transform
}

// The parameters of a case as a policy (CLI.md 3).
func (c *acceptanceCase) readParams(t *testing.T) {
	keys := map[string]string{"n4": "ip.v4", "n6": "ip.v6", "k": "ip.k", "v6_bits": "ip.token_v6_bits", "v4_bits": "ip.token_v4_bits", "port": "ip.port",
		"host": "ip.host", "keep": "ip.keep", "sixrd": "ip.sixrd", "xff": "ip.xff", "g": "time.grid", "off": "time.zone", "d": "bytes.digits",
		"own": "referrer.own_hosts", "plevel": "path.level", "qlevel": "query.level"}
	c.time, c.isLater, c.policy = caseTime, c.Transform == "kanon", "version = 1\naccept_weak = true\n"
	var params map[string]json.RawMessage
	if err := json.Unmarshal(c.Params, &params); err != nil {
		t.Fatal(err)
	}
	for name, value := range params {
		word := strings.Trim(string(value), `"`)
		var seconds int64
		switch {
		case name == "key":
			c.hasKey = true
		case name == "time" || name == "t":
			if json.Unmarshal(value, &seconds) == nil {
				c.time = time.Unix(seconds, 0)
			} else if word == "T2" {
				c.time = caseTime.Add(24 * time.Hour)
			}
		case name == "mode":
			c.isLater = c.isLater || word == "pfx" || word == "det"
			if word == "trunc" {
				word = "truncate"
			}
			c.policy += fmt.Sprintf("ip.mode = %q\n", word)
		case name == "level" && c.Transform == "cookie" && strings.HasPrefix(word, "session="):
			names := strings.ReplaceAll(strings.TrimPrefix(word, "session="), ",", `","`)
			c.policy += "cookie.level = \"session\"\nsession.cookies = [\"" + names + "\"]\n"
		case name == "level":
			section := c.Transform
			if section == "ua" {
				section = "agent"
			}
			c.policy += section + ".level = " + string(value) + "\n"
		case keys[name] != "":
			c.isLater = c.isLater || name == "k"
			c.policy += keys[name] + " = " + string(value) + "\n"
		default:
			t.Fatalf("the test knows no parameter %s", name)
		}
	}
}

func source(t testing.TB, name string) []byte {
	text, err := os.ReadFile(filepath.Join("../..", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAcceptanceCasesGiveTheSameBytesAsThroughEveryInterface(t *testing.T) {
	passed, later := 0, 0
	for lines := bufio.NewScanner(bytes.NewReader(source(t, "tests/cases.jsonl"))); lines.Scan(); {
		var c acceptanceCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if c.Transform == "skeleton" { // what becomes of rejects: no class of values
			continue
		}
		c.readParams(t)
		options := Options{Policy: c.policy}
		if c.hasKey {
			options.Keyring = []byte(keyringText)
		}
		a, err := New(options)
		if c.isLater {
			var wrong *PolicyError
			if !errors.As(err, &wrong) {
				t.Errorf("%s: %v is no PolicyError", c.ID, err)
			}
			later++
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		made, err := a.ValueAt(c.class(), c.Input, c.time)
		if made != c.Expect || err != nil {
			t.Errorf("%s: %q, %v, not %q", c.ID, made, err, c.Expect)
		}
		for _, secret := range c.MustNotContain {
			if strings.Contains(made, secret) {
				t.Errorf("%s: %q came out", c.ID, secret)
			}
		}
		a.Close()
		passed++
	}
	if passed < 155 || later != 4 {
		t.Errorf("only %d cases passed, %d are of later versions", passed, later)
	}
}
