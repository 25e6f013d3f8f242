// Package peers reads documents with this library and with the other parsers of its kind, one beside the other, for its tests and
// benchmarks and for the comparison with node.
package peers

import (
	"bytes"
	"strings"

	compose "github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/hashicorp/go-envparse"
	"github.com/joho/godotenv"
	"github.com/subosito/gotenv"

	"github.com/workerenv/workerenv/devvars"
)

// Parser reads a document, or does that part of the work that no parser can do without.
type Parser struct {
	Name string
	// Read returns the number of entries found; it is 0 for a parser that looks none of them up.
	Read func(doc []byte) (int, error)
	// Map returns the entries, nil for what is no parser.
	Map func(doc []byte) (map[string]string, error)
}

// Ours are the two things that users of this library do: Parse alone, which finds all entries, and Parse with All, which also
// finds the keys that come twice and yields each key with its value.
var Ours = []Parser{
	{Name: "Parse", Read: func(doc []byte) (int, error) { devvars.Parse(doc); return 0, nil }},
	{Name: "Parse+All", Read: parseAll, Map: parseMap},
}

// Floors are no parsers. They cut a document at line ends and the first equals sign, after one copy, and store what they find in
// a slice or a map: what a parser that returns such a thing has to pay at least.
var Floors = []Parser{
	{Name: "floor-slice", Read: floorSlice},
	{Name: "floor-map", Read: floorMap},
}

// Others are the parsers of other people, in their own default mode and with no environment.
var Others = []Parser{
	of("godotenv", godotenv.UnmarshalBytes),
	of("gotenv", func(doc []byte) (map[string]string, error) { return gotenv.StrictParse(bytes.NewReader(doc)) }),
	of("envparse", func(doc []byte) (map[string]string, error) { return envparse.Parse(bytes.NewReader(doc)) }),
	of("compose", func(doc []byte) (map[string]string, error) {
		return compose.UnmarshalBytesWithLookup(doc, func(string) (string, bool) { return "", false })
	}),
}

func of(name string, parse func([]byte) (map[string]string, error)) Parser {
	return Parser{name, func(doc []byte) (int, error) { m, err := parse(doc); return len(m), err }, parse}
}

func parseAll(doc []byte) (n int, _ error) {
	for range devvars.Parse(doc).All() {
		n++
	}
	return n, nil
}

func parseMap(doc []byte) (map[string]string, error) {
	m := map[string]string{}
	for key, value := range devvars.Parse(doc).All() {
		m[key] = value
	}
	return m, nil
}

func floorSlice(doc []byte) (int, error) {
	type pair struct{ key, value string }
	var pairs []pair
	lines(string(doc), func(key, value string) { pairs = append(pairs, pair{key, value}) })
	return len(pairs), nil
}

func floorMap(doc []byte) (int, error) {
	pairs := map[string]string{}
	lines(string(doc), func(key, value string) { pairs[key] = value })
	return len(pairs), nil
}

// lines calls yield with what is before and after the first equals sign of each line that has one.
func lines(text string, yield func(key, value string)) {
	for text != "" {
		line := text
		if n := strings.IndexByte(text, '\n'); n >= 0 {
			line, text = text[:n], text[n+1:]
		} else {
			text = ""
		}
		if n := strings.IndexByte(line, '='); n >= 0 {
			yield(line[:n], line[n+1:])
		}
	}
}

// ReadsRich reports whether p gets through a document with values of several lines.
func ReadsRich(p Parser) bool { return p.Name != "envparse" }
