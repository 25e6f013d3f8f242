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

// measure runs all benchmarks. The output begins with the setting.
func measure(o options) ([]byte, error) {
	dir, err := os.MkdirTemp("", "report-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	test := filepath.Join(dir, "peers.test")
	if err := exec.Command("go", "test", "-c", "-o", test, "./peers").Run(); err != nil {
		return nil, fmt.Errorf("go test -c ./peers: %w", err)
	}
	var out bytes.Buffer
	out.WriteString(o.setting())
	for round := range max(o.rounds, o.growthRounds) {
		fmt.Fprintln(os.Stderr, "round", round+1)
		if round < o.rounds {
			err = benchmark(&out, test, "^Benchmark(Parse|Lookup|Set|Value|Expand|File|Resolve)$", "20ms")
		}
		if err == nil && round < o.growthRounds {
			err = benchmark(&out, test, "^BenchmarkGrowth$", "5ms")
		}
		if err != nil {
			return nil, err
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

// benchmark runs each benchmark once, in a process of its own.
func benchmark(out *bytes.Buffer, test, which, duration string) error {
	cmd := exec.Command(test, "-test.run", "^$", "-test.bench", which, "-test.benchtime", duration, "-test.timeout", "1h")
	cmd.Dir = "peers" // the example project is found from there
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
