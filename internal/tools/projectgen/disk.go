package projectgen

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Write writes the tree of p to dir, which must exist.
func (p Project) Write(dir string) error {
	var errs []error
	for _, path := range slices.Sorted(maps.Keys(p.Files)) {
		name := filepath.Join(dir, filepath.FromSlash(path))
		if strings.HasSuffix(path, "/") {
			errs = append(errs, os.MkdirAll(name, 0o755))
			continue
		}
		errs = append(errs, os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(p.Files[path]), 0o644))
	}
	for _, path := range slices.Sorted(maps.Keys(p.Links)) {
		name := filepath.Join(dir, filepath.FromSlash(path))
		errs = append(errs, os.MkdirAll(filepath.Dir(name), 0o755), os.Symlink(p.Links[path], name))
	}
	return errors.Join(errs...)
}

// String returns p in a form like a txtar archive: args.json, then each file below a line with its
// name. A text that is not a sequence of printable lines is a quoted Go string, and "(quoted)" follows
// the name. "(link)" follows the name of a link.
func (p Project) String() string {
	var b strings.Builder
	args, err := json.Marshal(p.Args)
	if err != nil {
		panic(err)
	}
	b.WriteString("-- args.json --\n" + string(args) + "\n")
	for _, path := range slices.Sorted(maps.Keys(p.Files)) {
		text := p.Files[path]
		switch {
		case strings.HasSuffix(path, "/"):
			b.WriteString("-- " + path + " --\n")
		case isLines(text):
			b.WriteString("-- " + path + " --\n" + text)
		default:
			b.WriteString("-- " + path + " (quoted) --\n" + strconv.Quote(text) + "\n")
		}
	}
	for _, path := range slices.Sorted(maps.Keys(p.Links)) {
		b.WriteString("-- " + path + " (link) --\n" + p.Links[path] + "\n")
	}
	return b.String()
}

// isLines reports whether text consists of printable lines, none of which looks like the line before a
// file.
func isLines(text string) bool {
	if text != "" && !strings.HasSuffix(text, "\n") || !utf8.ValidString(text) || strings.Contains("\n"+text, "\n-- ") {
		return false
	}
	for _, r := range text {
		if r != '\n' && !strconv.IsPrint(r) {
			return false
		}
	}
	return true
}
