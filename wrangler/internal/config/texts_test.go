package config_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/tools/live"
	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// judgement is what wrangler asks JavaScript about a text of the configuration.
type judgement struct {
	name      string
	condition string // in JavaScript, about text
	form      string // a configuration with the text in place of TEXT
	key       string // where the text is in it
	examples  []string
	pieces    []string
}

var judgements = []judgement{
	{
		name:      "dates",
		condition: `!/[–—]/.test(text) && !isNaN(new Date(text).getTime())`,
		form:      `{"compatibility_date":TEXT}`,
		key:       "compatibility_date",
		examples: []string{"2024-01-02", "2024-01-02T03:04:05.678Z", "2024-02", "2024", "Tue, 02 Jan 2024 03:04:05 GMT", "Jan 2 2024", "2 January 2024 3:04 pm",
			"1/2/2024", "2024/01/02 03:04", "+002024-01-02", "2024-01-02T03:04+05:30", "Tue Jan 02 2024 03:04:05 GMT+0100 (CET)", "2024-1-2",
			"2024-01-01T24:00:00.0Z", "2024-01-01T10:20:60-0800", "+275760-09-13", "2024-01-01T10+23:59"},
		pieces: strings.Split("2|20|24|2024|0|00|1|01|12|13|31|32|59|60|99|100|999|1000|1970|123456|275760|275761|+002024|-000001|-271821|123456789|2147483648|"+
			"99999999999|000000000000000012|-|-|--|/|/|:|:|::|.|,| | |+|(|)|(x)|((|(a (b) c)|T|t|Z|z|jan|January|FEB|Decem|word|Mon|sunday|am|PM|GMT|utc|UT|EST|pdt|"+
			"+0100|-08:00|+01:|+24:00|+2360|+5|:30|.123|.1234567890123|24:00|10:20|10:20:30|T10:20|T24:00:00|T24:00:01|T10:60|2024-01-01|-000001|"+
			"\t|\n|\r|\v|\u00A0|\u180E|\u0085|\u2028|\u2029|\u3000|\uFEFF|\u2013|\u2014|é|😀|_|[|`|A", "|"),
	},
	{
		name: "images",
		condition: `(() => { try { new URL("https://" + text) } catch { return false } ` +
			`return text.split("/").at(-1).includes(":") && !text.includes("://") })()`,
		form: `{"containers":[{"image":TEXT,"class_name":"C","name":"c"}]}`,
		key:  "containers[0].image",
		examples: []string{"docker.io/a:1", "registry.cloudflare.com:443/a/b:latest", "127.0.0.1:80/i:1", "[::1]/x:1", "[1:2:3:4:5:6:1.2.3.4]:8080/x:1", "user@host/x:1",
			"0x7f.1/x:1", "a%2eb/x:1", "1.2.3.4:1", "[::ffff:1.2.3.4]/a:1", "user:pw@docker.io/a:1", "https://docker.io/a:1", "docker.io/a", "a|b/x:1"},
		// Nothing of IDNA, see image-host in docs/differences.md.
		pieces: strings.Split("a|b.c|x-y|A.B|docker.io|127.0.0.1|1.2.3|1.2.3.4.5|256|255|0x7f|0x|0xG|077|08|4294967295|4294967296|999999999999|1.|.|..|a.1|1.a|0x1.0x2|"+
			"[|]|::|::1|[::1]|1:2:3:4:5:6:7:8|1::8|[1::2::3]|[12345::]|:|:1|:80|:latest|:65535|:65536|:00080|:8a|%|%41|%20|%2e|%00|%zz|%C3%A9|%eb|ffff:1.2.3.4|"+
			"::1.2.3.256|g|user:pw@|u@|@|/|/x|//|://|\\|?|#| |\t|\n|\x01|\u007f|<|>|^|_|-|*|~|!|$|&|'|(|)|+|,|;|=|\u0022", "|"),
	},
}

const textsFile = "testdata/texts.json"

// verdicts tell for each text whether the real tool accepts it.
type verdicts map[string]bool

// TestRecordTexts asks the real tool and writes what TestRecordedTexts reads, if WORKERENV_RECORD is set.
func TestRecordTexts(t *testing.T) {
	if os.Getenv("WORKERENV_RECORD") == "" {
		t.Skip("WORKERENV_RECORD is not set")
	}
	recorded := map[string]verdicts{}
	for _, j := range judgements {
		recorded[j.name] = j.ask(t, rand.New(rand.NewPCG(2026, 11)), 1500)
	}
	text, err := json.MarshalIndent(recorded, "", "\t")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(textsFile, append(text, '\n'), 0o644))
}

// TestRecordedTexts compares with what was recorded of the real tool; see testdata/PROVENANCE.md.
func TestRecordedTexts(t *testing.T) {
	text, err := os.ReadFile(textsFile)
	require.NoError(t, err)
	var recorded map[string]verdicts
	require.NoError(t, json.Unmarshal(text, &recorded))
	for _, j := range judgements {
		require.Greater(t, len(recorded[j.name]), 1000)
		j.compare(t, recorded[j.name])
	}
}

// TestLiveTexts compares with the real tool on random texts.
func TestLiveTexts(t *testing.T) {
	live.Dir(t)
	r := liveRand(t, 1)
	for _, j := range judgements {
		all := j.ask(t, r, 60_000)
		t.Logf("%d %s, %d differences", len(all), j.name, j.compare(t, all))
	}
}

// ask asks the real tool about up to count random texts.
func (j judgement) ask(t *testing.T, r *rand.Rand, count int) verdicts {
	t.Helper()
	texts := make([]string, count)
	for i := range texts {
		texts[i] = j.random(r)
	}
	all := verdicts{}
	for i, accepted := range askNode(t, j.condition, texts) {
		all[texts[i]] = accepted
	}
	return all
}

// compare returns the number of differences.
func (j judgement) compare(t *testing.T, all verdicts) (different int) {
	t.Helper()
	for text, want := range all {
		if j.accepts(t, text) == want {
			continue
		}
		if different++; different <= 20 {
			t.Errorf("%s: %q: the reference says %t", j.name, text, want)
		}
	}
	return different
}

// accepts reports whether there is no error about the text.
func (j judgement) accepts(t *testing.T, text string) bool {
	_, problems := normalize(t, request{Raw: strings.Replace(j.form, "TEXT", marshal(text), 1), Path: "wrangler.json"})
	return !slices.ContainsFunc(problems, func(p config.Problem) bool { return p.Key == j.key && p.Severity == config.Error })
}

// random makes a text of pieces, or of an example that it changes in places.
func (j judgement) random(r *rand.Rand) string {
	if r.IntN(3) > 0 {
		return j.changed(r, j.examples[r.IntN(len(j.examples))])
	}
	var b strings.Builder
	for range 1 + r.IntN(7) {
		b.WriteString(j.piece(r))
	}
	return b.String()
}

// changed takes out a few bytes of s and puts in pieces instead, or not.
func (j judgement) changed(r *rand.Rand, s string) string {
	for range r.IntN(4) {
		from := r.IntN(len(s) + 1)
		to := min(len(s), from+r.IntN(3))
		piece := ""
		if r.IntN(3) > 0 {
			piece = j.piece(r)
		}
		s = strings.ToValidUTF8(s[:from]+piece+s[to:], "")
	}
	return s
}

func (j judgement) piece(r *rand.Rand) string { return j.pieces[r.IntN(len(j.pieces))] }

// askNode evaluates a JavaScript condition for each text.
func askNode(t *testing.T, condition string, texts []string) []bool {
	t.Helper()
	node, _ := live.Wrangler(t)
	cmd := exec.Command(node, "-e",
		`process.stdout.write(JSON.stringify(JSON.parse(require("fs").readFileSync(0)).map((text) => `+condition+`)))`)
	cmd.Env = append(os.Environ(), "TZ=UTC")
	cmd.Stdin = strings.NewReader(marshal(texts))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	var answers []bool
	require.NoError(t, json.Unmarshal(out, &answers))
	return answers
}
