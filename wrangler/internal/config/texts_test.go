package config_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
)

const textsFile = "testdata/texts.json"

// verdicts are texts, and which of them the real tool takes for what it asks for.
type verdicts struct {
	Dates map[string]bool `json:"dates"` // compatibility dates
	Hosts map[string]bool `json:"hosts"` // images of containers, without the last part
}

// TestRecordTexts asks the real tool and writes what TestRecordedTexts reads, if WORKERENV_RECORD is set.
func TestRecordTexts(t *testing.T) {
	if os.Getenv("WORKERENV_RECORD") == "" {
		t.Skip("WORKERENV_RECORD is not set")
	}
	text, err := json.MarshalIndent(askTexts(t, rand.New(rand.NewPCG(2026, 11)), 1500), "", "\t")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(textsFile, append(text, '\n'), 0o644))
}

// TestRecordedTexts compares with what was recorded of the real tool; see testdata/PROVENANCE.md.
func TestRecordedTexts(t *testing.T) {
	text, err := os.ReadFile(textsFile)
	require.NoError(t, err)
	var recorded verdicts
	require.NoError(t, json.Unmarshal(text, &recorded))
	require.Greater(t, len(recorded.Dates)+len(recorded.Hosts), 2000)
	compareTexts(t, recorded)
}

// TestLiveTexts compares with the real tool on random texts.
func TestLiveTexts(t *testing.T) {
	realWrangler(t)
	asked := askTexts(t, rand.New(rand.NewPCG(liveSeed(t), 1)), 100_000)
	t.Logf("%d dates and %d hosts, %d differences", len(asked.Dates), len(asked.Hosts), compareTexts(t, asked))
}

// askTexts asks the real tool about up to count texts of each sort.
func askTexts(t *testing.T, r *rand.Rand, count int) verdicts {
	t.Helper()
	dates, hosts := make([]string, count), make([]string, count)
	for i := range count {
		dates[i], hosts[i] = randomDate(r), randomHost(r)
	}
	answers := askWrangler(t, []request{{ID: 0, Dates: dates}, {ID: 1, Hosts: hosts}})
	return verdicts{judged(dates, answers[0]), judged(hosts, answers[1])}
}

func judged(texts []string, a answer) map[string]bool {
	m := map[string]bool{}
	for i, text := range texts {
		m[text] = a.Verdicts[i]
	}
	return m
}

// compareTexts returns the number of differences.
func compareTexts(t *testing.T, v verdicts) (different int) {
	t.Helper()
	check := func(what string, texts map[string]bool, judge func(string) bool) {
		for text, want := range texts {
			if judge(text) == want {
				continue
			}
			if different++; different <= 20 {
				t.Errorf("%s %q: the reference says %v", what, text, want)
			}
		}
	}
	check("date", v.Dates, func(s string) bool {
		_, problems := config.Normalize(object("compatibility_date", jsvalue.StringValue(s)), config.Options{})
		return !reports(problems, "must be a date")
	})
	check("host", v.Hosts, func(s string) bool {
		container := object("class_name", jsvalue.StringValue("C"), "image", jsvalue.StringValue(s+"/i:1"))
		raw := object("name", jsvalue.StringValue("w"), "containers", jsvalue.ArrayValue([]jsvalue.Value{container}))
		_, problems := config.Normalize(raw, config.Options{Exists: func(string) (bool, bool) { return false, false }})
		return !reports(problems, "nor an image in a registry")
	})
	return different
}

// object returns an object with names and values.
func object(fields ...any) jsvalue.Value {
	o := jsvalue.NewObject()
	for i := 0; i < len(fields); i += 2 {
		o.Set(fields[i].(string), fields[i+1].(jsvalue.Value))
	}
	return jsvalue.ObjectValue(o)
}

func reports(problems []config.Problem, text string) bool {
	for _, p := range problems {
		if strings.Contains(p.Text, text) {
			return true
		}
	}
	return false
}

var datePieces = strings.Split("2024|24|1|01|12|13|31|32|0|00|60|59|99|100|1970|275760|275761|+002024|-000001|-271821|123456789|2147483648|99999999999|"+
	"-|-|-|/|/|:|:|.|,| | |(|)|+|T|t|Z|z|Jan|january|FEB|Decem|xyz|Mon|sunday|am|PM|GMT|utc|UT|EST|pdt|+0100|-08:00|+5|:30|.123|.1234567|24:00|"+
	"10:20|10:20:30|T10:20|T24:00:00|T24:00:01|(a (b) c)|\t|\u00A0|\u2013|é", "|")

var dates = []string{"2024-01-02", "2024-01-02T03:04:05.678Z", "2024-02", "2024", "Tue, 02 Jan 2024 03:04:05 GMT", "Jan 2 2024", "2 January 2024 3:04 pm",
	"1/2/2024", "2024/01/02 03:04", "+002024-01-02", "2024-01-02T03:04+05:30", "Tue Jan 02 2024 03:04:05 GMT+0100 (CET)", "2024-1-2"}

// randomDate makes what may be a date, from pieces of dates or from a date that it changes in places.
func randomDate(r *rand.Rand) string {
	if r.IntN(3) == 0 {
		return pieces(r, datePieces, 1+r.IntN(7))
	}
	return changed(r, dates[r.IntN(len(dates))], datePieces)
}

// hostPieces have nothing of IDNA, see image-host in docs/differences.md.
var hostPieces = strings.Split("a|b.c|example.com|x-y|127.0.0.1|1.2.3|1.2.3.4.5|256|255|0x7f|0x|0xG|077|09|4294967295|4294967296|1.|.|..|a.1|1.a|0x1.0x2|"+
	"[|]|::|::1|1:2:3:4:5:6:7:8|1::8|:|:80|:65535|:65536|:00080|:8a|%|%41|%2e|%00|%zz|%C3%A9|ffff:1.2.3.4|::1.2.3.256|12345|g|user@|u:p@|@|/|\\|?|#| |\t|\n|<|^|_|-|*|~|\u007f", "|")

var hosts = []string{"docker.io", "registry.cloudflare.com:443", "127.0.0.1:80", "[::1]", "[1:2:3:4:5:6:1.2.3.4]:8080", "user@host", "0x7f.1", "a%2eb", "1.2.3.4", "[::ffff:1.2.3.4]"}

// randomHost makes what may be a host, with a port and a user or without.
func randomHost(r *rand.Rand) string {
	if r.IntN(3) == 0 {
		return pieces(r, hostPieces, 1+r.IntN(5))
	}
	return changed(r, hosts[r.IntN(len(hosts))], hostPieces)
}

func pieces(r *rand.Rand, from []string, count int) string {
	var b strings.Builder
	for range count {
		b.WriteString(from[r.IntN(len(from))])
	}
	return b.String()
}

// changed replaces, takes out or puts in a few pieces of s, at places where characters start.
func changed(r *rand.Rand, s string, from []string) string {
	for range r.IntN(4) {
		i := r.IntN(len(s) + 1)
		j := min(len(s), i+r.IntN(3))
		piece := ""
		if r.IntN(3) > 0 {
			piece = from[r.IntN(len(from))]
		}
		s = strings.ToValidUTF8(s[:i]+piece+s[j:], "")
	}
	return s
}
