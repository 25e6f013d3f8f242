package projectgen

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing/fstest"
	"unicode/utf8"
)

// Write writes the tree of p to dir, which must be empty or not exist.
func (p Project) Write(dir string) error {
	tree := fstest.MapFS{}
	for path, text := range p.Files {
		if folder, ok := strings.CutSuffix(path, "/"); ok {
			tree[folder] = &fstest.MapFile{Mode: fs.ModeDir}
		} else {
			tree[path] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	for path, target := range p.Links {
		tree[path] = &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink}
	}
	return os.CopyFS(dir, tree)
}

// String returns p in a form like a txtar archive: args.json, then each file below a line with its
// name. A text that is not a sequence of printable lines is a quoted Go string, and "(quoted)" follows
// the name. "(link)" follows the name of a link.
func (p Project) String() string {
	args, err := json.Marshal(p.Args)
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	b.WriteString("-- args.json --\n" + string(args) + "\n")
	for _, path := range slices.Sorted(maps.Keys(p.Files)) {
		if text := p.Files[path]; strings.HasSuffix(path, "/") || isLines(text) {
			b.WriteString("-- " + path + " --\n" + text)
		} else {
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
	return utf8.ValidString(text) && strings.HasSuffix("\n"+text, "\n") && !strings.Contains("\n"+text, "\n-- ") &&
		!strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && !strconv.IsPrint(r) })
}
