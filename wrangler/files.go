package wrangler

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/workerenv/workerenv/internal/readfile"
)

// errorText returns the text of err, the same for every file system.
func errorText(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file or directory"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	}
	return err.Error()
}

// files reads the files of a project, from the operating system or from an fs.FS. Names are
// absolute: a path of the operating system, or one with slashes that starts at the root of the FS.
type files struct {
	fsys   fs.FS           // nil: the operating system
	dir    string          // Options.Dir
	looked map[string]bool // the names of all files that stat and read have looked for
	silent *sync.Map       // the names of the files that did not answer in time; they are not read again
}

// newFiles returns the files of a project. It follows the symbolic links in Dir, as getcwd does for
// wrangler: what is above depends on that.
func newFiles(o Options) (files, error) {
	f := files{fsys: o.FS, dir: path.Join("/", filepath.ToSlash(o.Dir)), looked: map[string]bool{}, silent: o.silent}
	if f.silent == nil {
		f.silent = new(sync.Map)
	}
	if f.fsys == nil {
		dir, err := filepath.Abs(o.Dir)
		if err != nil {
			return f, directoryError(o.Dir, err)
		}
		f.dir = dir
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			f.dir = real
		}
	}
	info, err := f.stat(f.dir)
	delete(f.looked, f.dir)
	if err == nil && !info.IsDir() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return f, directoryError(o.Dir, err)
	}
	return f, nil
}

func directoryError(dir string, err error) error {
	text := "cannot open this directory: " + errorText(cause(err))
	if errors.Is(err, fs.ErrNotExist) {
		text = "there is no such directory"
	}
	return &Error{Finding: Finding{Rule: RuleFile, File: cmp.Or(dir, "."), Text: text}, Err: cause(err)}
}

// abs returns the clean absolute path of name, which is relative to base unless it is absolute.
func (f files) abs(base, name string) string {
	if f.fsys != nil {
		if path.IsAbs(name) {
			return path.Clean(name)
		}
		return path.Join(base, name)
	}
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(base, name)
}

// verbatim is abs without cleaning the path: to the operating system x/../y does not exist if x
// does not.
func (f files) verbatim(base, name string) string {
	if f.fsys != nil || filepath.IsAbs(name) {
		return f.abs(base, name)
	}
	return base + string(filepath.Separator) + name
}

func (f files) parent(name string) string {
	if f.fsys != nil {
		return path.Dir(name)
	}
	return filepath.Dir(name)
}

func (f files) base(name string) string {
	if f.fsys != nil {
		return path.Base(name)
	}
	return filepath.Base(name)
}

// display returns name as messages show it: relative to Options.Dir.
func (f files) display(name string) string { return f.from(f.dir, name) }

// from returns the path of name relative to the directory base.
func (f files) from(base, name string) string {
	if f.fsys != nil {
		return relative(base, name)
	}
	if rel, err := filepath.Rel(base, name); err == nil {
		return rel
	}
	return name
}

// relative is filepath.Rel for clean absolute paths with slashes.
func relative(base, name string) string {
	up := ""
	for base != "/" && name != base && !strings.HasPrefix(name, base+"/") {
		base, up = path.Dir(base), up+"../"
	}
	rel := strings.TrimPrefix(strings.TrimPrefix(name, base), "/")
	if up+rel == "" {
		return "."
	}
	return strings.TrimSuffix(up+rel, "/")
}

// stat describes the file name. It follows symbolic links.
func (f files) stat(name string) (fs.FileInfo, error) {
	f.looked[f.abs(f.dir, name)] = true
	if f.fsys == nil {
		return os.Stat(name)
	}
	return fs.Stat(f.fsys, inFS(name))
}

// read returns the content of a file. The error contains neither the content nor the name.
func (f files) read(name string) ([]byte, error) {
	key := f.abs(f.dir, name)
	f.looked[key] = true
	if f.fsys == nil {
		if _, known := f.silent.Load(key); known {
			return nil, readfile.ErrTimeout
		}
		data, err := readfile.Read(name, readfile.Wait)
		if errors.Is(err, readfile.ErrTimeout) {
			f.silent.Store(key, true)
		}
		return data, cause(err)
	}
	data, err := readfile.ReadFS(f.fsys, inFS(name))
	return data, cause(err)
}

// explore calls a function that looks for files only to explain them: they do not count for
// [Resolution.Files].
func (f files) explore(look func()) {
	before := maps.Clone(f.looked)
	look()
	maps.DeleteFunc(f.looked, func(name string, _ bool) bool { return !before[name] })
}

func inFS(name string) string {
	if name == "/" {
		return "."
	}
	return strings.TrimPrefix(name, "/")
}

// cause returns an error of the file system without the path.
func cause(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

// isMissing reports whether err says that a file does not exist. As in wrangler, a path through
// something that is not a directory is another error.
func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// findUp returns the path of the regular file name in dir or the nearest directory above that has
// one, "" if none has.
func (f files) findUp(dir, name string) string {
	for {
		file := f.abs(dir, name)
		if info, err := f.stat(file); err == nil && info.Mode().IsRegular() {
			return file
		}
		up := f.parent(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// list returns the files of a directory, by name; none if it cannot be read.
func (f files) list(dir string) []fs.DirEntry {
	fsys, name := f.fsys, inFS(dir)
	if fsys == nil {
		fsys, name = os.DirFS(dir), "."
	}
	opened, err := fsys.Open(name)
	if err != nil {
		return nil
	}
	defer opened.Close()
	lister, ok := opened.(fs.ReadDirFile)
	if !ok {
		return nil
	}
	entries, _ := lister.ReadDir(maxListed)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries
}
