// Command report measures this library and writes docs/performance.md and its charts from nothing but what it measured.
//
//	WORKERENV_ORACLE=DIR go run ./report
//
// in the folder of its module takes about twenty minutes. DIR holds the npm packages of internal/tools/oracle; without it the
// comparison with node is left out. The benchmarks are run round by round, each of them once in a round, so that whatever
// else the machine does meets all of them.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 15, "how often everything but growth is measured")
	flag.IntVar(&o.growthRounds, "growth", 4, "how often growth is measured")
	flag.StringVar(&o.raw, "raw", "", "a file to keep the benchmarks' output in")
	flag.StringVar(&o.from, "from", "", "a file with such output to use instead of measuring")
	flag.StringVar(&o.docs, "docs", "../docs", "where to write")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

type options struct {
	rounds, growthRounds int
	raw, from, docs      string
}

func run(o options) error {
	text, err := o.output()
	if err != nil {
		return err
	}
	if o.raw != "" {
		if err := os.WriteFile(o.raw, text, 0o644); err != nil {
			return err
		}
	}
	s := samples{}
	s.parse(text)
	if err := os.MkdirAll(o.docs, 0o755); err != nil {
		return err
	}
	for name, content := range map[string]string{
		"performance.md":  document(s, settingOf(text)),
		"performance.svg": growthChart(s),
	} {
		if err := os.WriteFile(filepath.Join(o.docs, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// output returns what the benchmarks print, now or when the file was written.
func (o options) output() ([]byte, error) {
	if o.from != "" {
		return os.ReadFile(o.from)
	}
	return measure(o)
}
