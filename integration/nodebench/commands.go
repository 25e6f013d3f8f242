package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"time"
)

//go:embed resolve.cjs
var resolveScript string

// compareCommands lets programs that use wrangler and this library, and this library's command, resolve a copy of the example
// project in turn.
func compareCommands(tools, dir string, rounds int) error {
	root, err := rootOf()
	if err != nil {
		return err
	}
	shop := filepath.Join(dir, "shop")
	if err := os.CopyFS(shop, os.DirFS(filepath.Join(root, "examples", "shop"))); err != nil {
		return err
	}
	program, command := filepath.Join(dir, "resolve"), filepath.Join(dir, "workerenv")
	if err := errors.Join(build(".", program, "./nodebench/resolve"), build(root, command, "./cmd/workerenv")); err != nil {
		return err
	}
	for round := range rounds + 1 { // the first one brings files into memory
		if err := compareOnce(tools, shop, program, command, round > 0); err != nil {
			return err
		}
	}
	return nil
}

// build builds a command of the module in dir that has no libc to load.
func build(dir, output, command string) error {
	cmd := exec.Command("go", "build", "-o", output, command)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	return nil
}

// compareOnce runs all three, and reports their times if they count.
func compareOnce(tools, shop, program, command string, counts bool) error {
	theirs, theirTime, err := timed(nodeCommand(tools, resolveScript), shop)
	if err != nil {
		return err
	}
	ours, ourTime, err := timed(exec.Command(program), shop)
	if err != nil {
		return err
	}
	shown, commandTime, err := timed(exec.Command(command, "env", "--json", "--reveal"), shop)
	if err != nil {
		return err
	}
	if counts {
		report("Process/shop/wrangler", theirTime, 0)
		report("Process/shop/library", ourTime, 0)
		report("Process/shop/workerenv", commandTime, 0)
	}
	return errors.Join(sameJSON(theirs, ours), sameVars(theirs, shown))
}

// rootOf returns the folder of this library's module.
func rootOf() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/workerenv/workerenv").Output()
	if err != nil {
		return "", fmt.Errorf("go list: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// settle is how long the system has to clear away the process before, which the next one would pay for.
const settle = 100 * time.Millisecond

// timed returns what cmd prints, and how long it took, in nanoseconds.
func timed(cmd *exec.Cmd, dir string) ([]byte, float64, error) {
	time.Sleep(settle)
	cmd.Dir = dir
	start := time.Now()
	out, err := cmd.Output()
	took := float64(time.Since(start).Nanoseconds())
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", filepath.Base(cmd.Path), err)
	}
	return out, took, nil
}

// sameJSON checks that two texts mean the same.
func sameJSON(theirs, ours []byte) error {
	var want, got any
	if err := errors.Join(json.Unmarshal(theirs, &want), json.Unmarshal(ours, &got)); err != nil {
		return err
	}
	if !reflect.DeepEqual(want, got) {
		return errors.New("the library gives other vars than wrangler")
	}
	return nil
}

// sameVars checks that the command printed the vars that wrangler gives. Resources are not among wrangler's.
func sameVars(theirs, ours []byte) error {
	var want map[string]struct{ Value any }
	if err := json.Unmarshal(theirs, &want); err != nil {
		return err
	}
	var got []struct {
		Name  string
		Value any
	}
	if err := json.Unmarshal(ours, &got); err != nil {
		return err
	}
	found := 0
	for _, b := range got {
		if v, ok := want[b.Name]; ok && reflect.DeepEqual(v.Value, b.Value) {
			found++
		}
	}
	if found != len(want) || found == 0 {
		return fmt.Errorf("%d of wrangler's %d vars are printed", found, len(want))
	}
	return nil
}
