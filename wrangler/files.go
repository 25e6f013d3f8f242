package wrangler

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// maxFile bounds what is read of one file, in bytes. Node.js cannot hold a longer text, so wrangler fails with it too.
const maxFile = 1<<29 - 24

// maxDevice bounds what is read of a device, in bytes. One that ends at all, such as /dev/null, ends before.
const maxDevice = 1 << 20

var (
	errTooLarge    = errors.New("larger than 512 MiB")
	errIsDirectory = errors.New("is a directory")
	errEndless     = errors.New("a device without an end")
)

// errorText tells what err is, in the same words for every file system.
func errorText(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file or directory"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	}
	return err.Error()
}

// files is where a project is read from: the operating system's files, or an fs.FS. Names are absolute in either: a path of
// the operating system, or one with slashes that starts at the root of the FS.
type files struct {
	fsys fs.FS  // nil: the operating system's
	dir  string // where relative names start
}

func newFiles(o Options) (files, error) {
	f := files{fsys: o.FS, dir: o.Dir}
	switch {
	case f.fsys != nil:
		f.dir = path.Join("/", filepath.ToSlash(o.Dir))
	case !filepath.IsAbs(o.Dir):
		return f, &Error{Finding: Finding{Rule: RuleUsage, Text: "the directory must be an absolute path; use filepath.Abs"}}
	default:
		f.dir = realPath(o.Dir)
	}
	return f, nil
}

// realPath follows the symbolic links in dir, as getcwd does for wrangler. Otherwise what is above dir would be another
// directory.
func realPath(dir string) string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	return filepath.Clean(dir)
}

// abs returns name as seen from base, both of them absolute or, if name is relative, joined.
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

// verbatim is abs, but leaves the steps in name to the operating system: x/../y is missing there if x is.
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

// display returns name as a message shows it: relative to the directory that was asked about.
func (f files) display(name string) string {
	if f.fsys != nil {
		return relative(f.dir, name)
	}
	if rel, err := filepath.Rel(f.dir, name); err == nil {
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

// stat returns what is at name, with symbolic links followed.
func (f files) stat(name string) (fs.FileInfo, error) {
	if f.fsys == nil {
		return os.Stat(name)
	}
	return fs.Stat(f.fsys, inFS(name))
}

// read returns the content of name. No content is in the error, nor the name: a path can hold what the caller knows better.
func (f files) read(name string) ([]byte, error) {
	r, err := f.open(name)
	if err != nil {
		return nil, cause(err)
	}
	defer r.Close()
	var data bytes.Buffer
	limit, tooLong := maxFile, errTooLarge
	if info, err := r.Stat(); err == nil {
		switch {
		case info.IsDir():
			return nil, errIsDirectory
		case info.Size() > maxFile:
			return nil, errTooLarge
		case info.Mode()&fs.ModeDevice != 0:
			limit, tooLong = maxDevice, errEndless
		}
		data.Grow(int(info.Size()) + bytes.MinRead)
	}
	_, err = data.ReadFrom(io.LimitReader(r, int64(limit)+1))
	if err == nil && data.Len() > limit {
		err = tooLong
	}
	return data.Bytes(), cause(err)
}

func (f files) open(name string) (fs.File, error) {
	if f.fsys == nil {
		return openFile(name)
	}
	return f.fsys.Open(inFS(name))
}

func inFS(name string) string {
	if name == "/" {
		return "."
	}
	return strings.TrimPrefix(name, "/")
}

// cause takes the path out of an error of the file system.
func cause(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

// isMissing reports whether err says that there is no such file. Another reason, such as a part of the path that is no
// directory, is none, as for wrangler.
func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// findUp returns the regular file name in dir or in the nearest directory above it, "" if there is none.
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
