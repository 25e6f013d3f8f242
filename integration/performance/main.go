// Command performance runs the benchmarks that docs/performance.md shows and prints its tables. Run it
// in the folder of its module:
//
//	WORKERENV_ORACLE=DIR WORKERENV_POSTGRES=URL go run ./performance [-rounds N] [TABLE]...
//
// DIR is an absolute path to the folder with the real tools. Without it the tables have no rows for
// node. URL names a PostgreSQL server, see .ci/run. Without it there are no rows for PostgreSQL. A TABLE
// is the title of one, such as etcd; without any, all are printed.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
)

// suites are the tables. Each is the result of some benchmarks of one package.
var suites = []struct{ title, dir, benchmarks, time string }{
	{"Parsing", "peers", "^BenchmarkParse$", "300ms"},
	{"A file to a map", "peers", "^BenchmarkDevEnv$", "300ms"},
	{"Resolving the example project", "peers", "^BenchmarkResolve$", "1s"},
	{"Growth", "peers", "^BenchmarkGrowth$", "300ms"},
	{"Values and sets", "../binding", "^Benchmark(Lookup|Set|NewValue)$", "300ms"},
	{"Versions", "../version", "^Benchmark(Edit|Update|Load|Pick|Resident)$", "100ms"},
	{"Control plane", "../controlplane", "^BenchmarkServe$/.*/.*/^clients=8$", "1s"},
	{"Stores", "stores", "^Benchmark(Append|Read|Seal)$", "1000x"},
	{"etcd", "../store/etcd", "^Benchmark(Append|Read)$", "300x"},
}

func main() {
	rounds := flag.Int("rounds", 5, "how often each benchmark is run; the tables have the medians")
	flag.Parse()
	if err := run(os.Stdout, *rounds, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "performance:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, rounds int, titles []string) error {
	for _, s := range suites {
		if len(titles) > 0 && !slices.Contains(titles, s.title) {
			continue
		}
		cmd := exec.Command("go", "test", "-run", "^$", "-bench", s.benchmarks, "-benchtime", s.time,
			"-count", strconv.Itoa(rounds), "-timeout", "2h", ".")
		var out bytes.Buffer
		cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, io.MultiWriter(&out, os.Stderr), os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s in %s: %w", s.benchmarks, s.dir, err)
		}
		fmt.Fprintf(w, "## %s\n\n", s.title)
		writeTable(w, parse(out.String()))
		fmt.Fprintln(w)
	}
	return nil
}
