// Command nodebench measures this library beside what it replaces, in alternating runs on one machine: parsing beside npm's
// dotenv in a node process that has had time to warm up, and resolving the example project beside wrangler, each in a
// process of its own. It prints lines in the form of Go benchmarks, one for each run.
//
// The variable WORKERENV_ORACLE names a folder in which npm installed the tools; see internal/tools/oracle. Run it in the folder of
// its module.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/workerenv/workerenv/integration/internal/sample"
)

func main() {
	rounds := flag.Int("rounds", 7, "how often each thing is measured")
	duration := flag.Duration("time", 50*time.Millisecond, "how long one thing is measured in one round")
	flag.Parse()
	if err := run(os.Getenv("WORKERENV_ORACLE"), *rounds, *duration); err != nil {
		fmt.Fprintln(os.Stderr, "nodebench:", err)
		os.Exit(1)
	}
}

func run(tools string, rounds int, duration time.Duration) error {
	if tools == "" {
		return fmt.Errorf("WORKERENV_ORACLE names no folder with the real tools")
	}
	tools, err := filepath.Abs(tools)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "nodebench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := compareParsers(tools, dir, rounds, duration); err != nil {
		return err
	}
	return compareCommands(tools, dir, rounds)
}

// report prints a line as Go benchmarks do. The best time is that of the fastest of several runs, 0 if there was one.
func report(name string, mean, best float64) {
	fmt.Printf("Benchmark%s 1 %.0f ns/op", name, mean)
	if best > 0 {
		fmt.Printf(" %.0f best-ns/op", best)
	}
	fmt.Println()
}

// document is what is parsed.
type document struct {
	name string
	text []byte
	file string
}

// documents writes the documents into dir, for node to read.
func documents(dir string) ([]document, error) {
	var list []document
	for _, shape := range []sample.Shape{{Name: "bulk", Make: sample.Bulk}, {Name: "rich", Make: sample.Rich}} {
		for i, size := range []string{"1KB", "64KB", "1MB", "16MB"} {
			d := document{name: shape.Name + "/" + size, text: shape.Make([]int{1 << 10, 64 << 10, 1 << 20, 16 << 20}[i])}
			d.file = filepath.Join(dir, shape.Name+size)
			if err := os.WriteFile(d.file, d.text, 0o600); err != nil {
				return nil, err
			}
			list = append(list, d)
		}
	}
	return list, nil
}
