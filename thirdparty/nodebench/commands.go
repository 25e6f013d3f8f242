package main

import (
	_ "embed"
	"encoding/json"
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

// compareCommands lets wrangler and this library's command resolve a copy of the example project in turn.
func compareCommands(tools, dir string, rounds int) error {
	root, err := rootOf()
	if err != nil {
		return err
	}
	command := filepath.Join(dir, "workerenv")
	build := exec.Command("go", "build", "-o", command, "./cmd/workerenv")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // no libc to load
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	shop := filepath.Join(dir, "shop")
	if err := os.CopyFS(shop, os.DirFS(filepath.Join(root, "examples", "shop"))); err != nil {
		return err
	}
	for round := range rounds + 1 { // the first one brings files into memory
		theirs, theirTime, err := timed(nodeCommand(tools, resolveScript), shop)
		if err != nil {
			return err
		}
		ours, ourTime, err := timed(exec.Command(command, "env", "--json", "--reveal"), shop)
		if err != nil {
			return err
		}
		if err := sameVars(theirs, ours); err != nil {
			return err
		}
		if round > 0 {
			report("Process/shop/wrangler", theirTime, 0)
			report("Process/shop/workerenv", ourTime, 0)
		}
	}
	return nil
}

// rootOf returns the folder of this library's module.
func rootOf() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/workerenv/workerenv").Output()
	if err != nil {
		return "", fmt.Errorf("go list: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// timed returns what cmd prints, and how long it took, in nanoseconds.
func timed(cmd *exec.Cmd, dir string) ([]byte, float64, error) {
	cmd.Dir = dir
	start := time.Now()
	out, err := cmd.Output()
	took := float64(time.Since(start).Nanoseconds())
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", filepath.Base(cmd.Path), err)
	}
	return out, took, nil
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
