package syntax_test

import (
	"strings"
	"testing"

	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

func BenchmarkParse(b *testing.B) {
	for _, c := range []struct {
		name   string
		format syntax.Format
		doc    string
	}{
		{"JSON/typical", syntax.JSONC, typicalJSON},
		{"JSON/large", syntax.JSONC, "[" + strings.Repeat(typicalJSON+",", 1000) + "]"},
		{"TOML/typical", syntax.TOML, typicalTOML},
		{"TOML/large", syntax.TOML,
			strings.Repeat("[[a]]\nname = \"text\"\nvars = { a = 1, b = \"\\u0041\" }\nlist = [1, 2.5, 'x']\n", 5000)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.doc)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := syntax.Parse([]byte(c.doc), c.format); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
