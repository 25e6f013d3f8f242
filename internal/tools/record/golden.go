package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// source is the origin of a recording.
type source struct {
	Packages []string `json:"packages"` // name and version
	Command  string   `json:"command"`
	Date     string   `json:"date"` // as 2006-01-02
}

func newSource(tools *oracle.Tools) source {
	return source{tools.Versions(), "go run ./internal/tools/record -oracle DIR", time.Now().UTC().Format(time.DateOnly)}
}

// goldenFile is a JSON file with a source and a list. Each item of the list is a line of the file, so
// that diffs are readable.
type goldenFile struct {
	Source source
	Key    string // of the list
	items  []any
}

func (g *goldenFile) add(item any) { g.items = append(g.items, item) }

// write writes the file, unless only the date would change.
func (g *goldenFile) write(path string) error {
	text, err := g.text()
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(path); err == nil && withoutDate(old) == withoutDate(text) {
		return nil
	}
	return os.WriteFile(path, text, 0o644)
}

var date = regexp.MustCompile(`"date":"[^"]*"`)

func withoutDate(text []byte) string { return string(date.ReplaceAll(text, nil)) }

// text returns the file in ASCII, so that all white space and control characters are visible.
func (g *goldenFile) text() ([]byte, error) {
	header, err := asciiJSON(g.Source)
	if err != nil {
		return nil, err
	}
	lines := make([]string, len(g.items))
	for i, item := range g.items {
		if lines[i], err = asciiJSON(item); err != nil {
			return nil, err
		}
	}
	return fmt.Appendf(nil, "{\n\"source\": %s,\n%q: [\n%s\n]\n}\n", header, g.Key, strings.Join(lines, ",\n")), nil
}

// asciiJSON returns JSON in one line, with DEL and all characters beyond ASCII escaped.
func asciiJSON(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", err
	}
	var ascii strings.Builder
	for _, r := range strings.TrimSuffix(b.String(), "\n") {
		if r < 0x7f {
			ascii.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&ascii, `\u%04x`, unit)
		}
	}
	return ascii.String(), nil
}
