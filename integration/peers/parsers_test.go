package peers_test

import (
	"bytes"

	compose "github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/hashicorp/go-envparse"
	"github.com/joho/godotenv"
	"github.com/subosito/gotenv"

	"github.com/workerenv/workerenv/devvars"
)

// parser is a parser of dotenv files.
type parser struct {
	name  string
	parse func(doc []byte) (map[string]string, error)
}

// others are the parsers of other modules, in their default mode and without an environment.
var others = []parser{
	{"envparse", func(doc []byte) (map[string]string, error) { return envparse.Parse(bytes.NewReader(doc)) }},
	{"compose", func(doc []byte) (map[string]string, error) {
		return compose.UnmarshalBytesWithLookup(doc, func(string) (string, bool) { return "", false })
	}},
	{"godotenv", godotenv.UnmarshalBytes},
	{"gotenv", func(doc []byte) (map[string]string, error) { return gotenv.StrictParse(bytes.NewReader(doc)) }},
}

// readsRich reports whether p accepts a rich document, which has values of several lines.
func (p parser) readsRich() bool { return p.name != "envparse" }

// readAll parses doc and visits each key with its value, the work that the other parsers do. It returns
// the number of keys.
func readAll(doc []byte) (n int) {
	for range devvars.Parse(doc).All() {
		n++
	}
	return n
}

// parseMap parses doc into a map.
func parseMap(doc []byte) map[string]string {
	m := map[string]string{}
	for key, value := range devvars.Parse(doc).All() {
		m[key] = value
	}
	return m
}
