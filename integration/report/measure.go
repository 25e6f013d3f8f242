package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// suite is a part of the benchmarks of a package.
type suite struct {
	dir      string // of the package, where the benchmarks run: some look for the example project from there
	which    string // a pattern for their names
	duration string // how long each of them runs in a round, as -test.benchtime has it
	rounds   func(options) int
}

var suites = []suite{
	{"peers", "^Benchmark(Parse|Lookup|Set|Value|Expand|File|Resolve)$", "20ms", everyRound},
	{"../version", "^Benchmark(Edit|Update|Load|Refresh|Pick)$", "10ms", everyRound},
	{"../controlplane", "^BenchmarkServe$", "30ms", everyRound},
	{"peers", "^BenchmarkGrowth$", "5ms", func(o options) int { return o.growthRounds }},
	{"../version", "^BenchmarkResident$", "1x", func(options) int { return 1 }}, // memory is the same in each
}

func everyRound(o options) int { return o.rounds }

// measure runs all benchmarks. The output begins with the setting.
func measure(o options) ([]byte, error) {
	temp, err := os.MkdirTemp("", "report-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	programs, err := compile(temp)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString(o.setting())
	for round := range max(o.rounds, o.growthRounds, 1) {
		fmt.Fprintln(os.Stderr, "round", round+1)
		for _, s := range suites {
			if round >= s.rounds(o) {
				continue
			}
			if err := s.benchmark(&out, programs[s.dir]); err != nil {
				return nil, fmt.Errorf("%s %s: %w", s.dir, s.which, err)
			}
		}
	}
	if os.Getenv("WORKERENV_ORACLE") != "" {
		fmt.Fprintln(os.Stderr, "node")
		if err := command(&out, "go", "run", "./nodebench", "-rounds", fmt.Sprint(o.rounds)); err != nil {
			return nil, err
		}
	}
	fmt.Fprintf(&out, "load after: %s\n", load())
	return out.Bytes(), nil
}

// compile makes a program of the tests of each package, in a folder, and returns their paths by the directories of the packages. Each is
// compiled in the module that it is of.
func compile(temp string) (map[string]string, error) {
	programs := map[string]string{}
	for _, s := range suites {
		if programs[s.dir] != "" {
			continue
		}
		programs[s.dir] = filepath.Join(temp, filepath.Base(s.dir)+".test")
		cmd := exec.Command("go", "test", "-c", "-o", programs[s.dir], ".")
		cmd.Dir, cmd.Stderr = s.dir, os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("go test -c in %s: %w", s.dir, err)
		}
	}
	return programs, nil
}

// benchmark runs each benchmark once, in a process of its own.
func (s suite) benchmark(out *bytes.Buffer, program string) error {
	cmd := exec.Command(program, "-test.run", "^$", "-test.bench", s.which, "-test.benchtime", s.duration, "-test.timeout", "1h")
	cmd.Dir = s.dir
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	return cmd.Run()
}

func command(out *bytes.Buffer, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	return cmd.Run()
}

// setting says under which conditions the figures came to be, a line each.
func (o options) setting() string {
	lines := []string{
		"date: " + time.Now().UTC().Format("2006-01-02"),
		"machine: " + fmt.Sprintf("%d cores, %s, %s/%s", runtime.NumCPU(), processor(), runtime.GOOS, runtime.GOARCH),
		"go: " + runtime.Version(),
		"rounds: " + fmt.Sprintf("%d, of growth %d", o.rounds, o.growthRounds),
		"load before: " + load(),
	}
	return strings.Join(lines, "\n") + "\n"
}

// settingOf returns the lines of the output that are not of benchmarks, by their first word.
func settingOf(output []byte) map[string]string {
	setting := map[string]string{}
	for line := range strings.Lines(string(output)) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if ok && !strings.HasPrefix(line, "Benchmark") {
			setting[name] = value
		}
	}
	return setting
}

// processor returns the name of the processor as Linux gives it.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.Trim(name, " \t:\n")
		}
	}
	return "unknown processor"
}

// load returns the mean number of processes that wanted a core in the last minute.
func load() string {
	text, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
