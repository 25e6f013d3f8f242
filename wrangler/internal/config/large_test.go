package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// many joins n texts made by f.
func many(n int, f func(i int) string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = f(i)
	}
	return strings.Join(parts, ",")
}

// large are configurations of a size that is about proportional to n.
var large = map[string]func(n int) string{
	"vars": func(n int) string {
		return `{"vars":{` + many(n, func(i int) string { return fmt.Sprintf(`"V%d":%d`, i, i) }) +
			`},"env":{"staging":{"vars":{}}}}`
	},
	"namespaces": func(n int) string {
		list := `"kv_namespaces":[` + many(n, func(i int) string { return fmt.Sprintf(`{"binding":"K%d","id":"x"}`, i) }) +
			`]`
		return `{` + list + `,"env":{"staging":{` + strings.ReplaceAll(list, `"K`, `"L`) + `}}}`
	},
	"one name": func(n int) string {
		return `{"kv_namespaces":[` + many(n, func(i int) string { return `{"binding":"K"}` }) + `],"env":{"staging":{}}}`
	},
	"numbers for names": func(n int) string {
		list := `"d1_databases":[` + many(n, func(i int) string { return fmt.Sprintf(`{"binding":%d}`, i) }) + `]`
		return `{` + list + `,"env":{"staging":{"d1_databases":[{"binding":-1}]}}}`
	},
	"define": func(n int) string {
		entries := many(n, func(i int) string { return fmt.Sprintf(`"D%d":"x"`, i) })
		return `{"define":{` + entries + `},"env":{"staging":{"define":{` + strings.ReplaceAll(entries, `"D`, `"E`) + `}}}}`
	},
	"unknown fields": func(n int) string {
		entries := many(n, func(i int) string { return fmt.Sprintf(`"f%d":1`, i) })
		return `{` + entries + `,"env":{"staging":{` + entries + `}}}`
	},
	"durable objects": func(n int) string {
		return `{"durable_objects":{"bindings":[` +
			many(n, func(i int) string { return fmt.Sprintf(`{"name":"D%d","class_name":"C%d"}`, i, i) }) +
			`]},"exports":{` + many(n, func(i int) string {
			return fmt.Sprintf(`"C%d":{"type":"durable-object","storage":"sqlite","container":"c%d"}`, i, i)
		}) +
			`},"containers":[` + many(n,
			func(i int) string { return fmt.Sprintf(`{"name":"c%d","class_name":"C%d","image":"a/b:1"}`, i, i) }) + `]}`
	},
	"long texts": func(n int) string {
		s := `"` + strings.Repeat("é", n) + `"`
		return `{"exports":` + s + `,"build":` + s + `,"dev":` + s + `,"wasm_modules":` + s +
			`,"site":{"bucket":1},"compatibility_date":` + s + `,"env":` + s +
			`,"migrations":[` + s + `],"containers":[{"name":"c","class_name":"C","image":` + s + `}]}`
	},
	"text of secrets": func(n int) string { return `{"secrets":{"required":"` + strings.Repeat("ab", n) + `"}}` },
	"dates": func(n int) string {
		return `{"compatibility_date":"` + strings.Repeat("(", n) + strings.Repeat(")", n) + ` 1"}`
	},
	"open dates": func(n int) string { return `{"compatibility_date":"` + strings.Repeat("x(", n) + ` 1"}` },
	"routes": func(n int) string {
		return `{"routes":[` + many(n, func(i int) string { return `{"pattern":"x","custom_domain":true}` }) +
			`],"env":{"staging":{}}}`
	},
	"environments": func(n int) string {
		return `{"env":{` + many(n, func(i int) string { return fmt.Sprintf(`"e%d":{"vars":{"A":1}}`, i) }) + `}}`
	},
	"deep vars": func(n int) string {
		return `{"vars":{"A":` + strings.Repeat("[", n/100) + strings.Repeat("]", n/100) + `}}`
	},
}

// TestLarge goes through large configurations; that one takes no more than in proportion shows BenchmarkLarge.
func TestLarge(t *testing.T) {
	staging := "staging"
	for name, f := range large {
		raw := decode(t, f(3000))
		for _, env := range []*string{nil, &staging} {
			c, problems := config.Normalize(raw, config.Options{Path: "wrangler.json", EnvFlag: env})
			if c == nil && len(problems) != 1 {
				t.Errorf("%s: %d problems beside an exception", name, len(problems))
			}
		}
	}
}

func BenchmarkLarge(b *testing.B) {
	staging := "staging"
	for name, f := range large {
		for _, n := range []int{2000, 16000} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				raw := decode(b, f(n))
				for b.Loop() {
					config.Normalize(raw, config.Options{Path: "wrangler.json", EnvFlag: &staging})
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/element")
			})
		}
	}
}

// BenchmarkNormalize is about a configuration as people have it.
func BenchmarkNormalize(b *testing.B) {
	raw := decode(b, `{"name":"shop","main":"src/index.ts","compatibility_date":"2025-01-31",
		"vars":{"A":"1","B":{"c":[1,2]}},
		"kv_namespaces":[{"binding":"KV","id":"x"}],"r2_buckets":[{"binding":"R2","bucket_name":"files"}],
		"d1_databases":[{"binding":"DB","database_id":"y"}],"services":[{"binding":"API","service":"api"}],
		"observability":{"enabled":true},"env":{"staging":{"vars":{"A":"2","B":{}}}}}`)
	staging := "staging"
	b.ReportAllocs()
	for b.Loop() {
		config.Normalize(raw, config.Options{Path: "wrangler.json", EnvFlag: &staging})
	}
}
