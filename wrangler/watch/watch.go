// Package watch follows the files of a project and resolves its env again when they change.
//
//	for resolution, err := range watch.Dev(ctx, wrangler.Options{Dir: dir}, wrangler.DevOptions{}) {
//		if err != nil {
//			log.Print(err) // the project is broken for now; what was resolved before may stay in use
//			continue
//		}
//		restart(resolution)
//	}
//
// It is a package of its own so that programs that do not watch do not link
// github.com/fsnotify/fsnotify.
package watch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/wrangler"
)

// A change is complete when nothing has happened for the time quiet, or after the time longest:
// editors write a file in several steps, and some remove it for a moment.
const (
	quiet   = 100 * time.Millisecond
	longest = time.Second
)

// ErrFS is the error of Dev for options with an FS, which cannot be watched.
var ErrFS = errors.New("watch: an fs.FS cannot be watched")

// Dev resolves a project as [wrangler.Load] and [wrangler.Config.Dev] do, and again each time
// that one of its files is changed, created or removed, including configurations and .dev.vars
// files that did not exist before. It yields each Resolution whose bindings differ from those of
// the last one, and each error whose text differs from that of the last one. A change that leaves
// the bindings as they are, such as one of a comment, yields nothing.
//
// After an error it goes on watching. It ends when the caller stops, when ctx is done, or after
// an error of the operating system that makes watching impossible, which it yields. It leaves no
// goroutine behind. Links are followed: the file that a link names is watched as well.
func Dev(ctx context.Context, o wrangler.Options, d wrangler.DevOptions) iter.Seq2[*wrangler.Resolution, error] {
	return func(yield func(*wrangler.Resolution, error) bool) {
		if o.FS != nil {
			yield(nil, ErrFS)
			return
		}
		events, err := fsnotify.NewWatcher()
		if err != nil {
			yield(nil, err)
			return
		}
		defer events.Close()
		w := &watcher{options: o, dev: d, events: events}
		for first := true; ; first = false {
			r, err := w.resolve()
			if ctx.Err() != nil {
				return
			}
			if (first || w.differs(r, err)) && !yield(r, err) {
				return
			}
			w.last, w.failure = cmp.Or(r, w.last), fmt.Sprint(err)
			if err := w.wait(ctx); err != nil {
				if ctx.Err() == nil {
					yield(nil, err)
				}
				return
			}
		}
	}
}

type watcher struct {
	options wrangler.Options
	dev     wrangler.DevOptions
	events  *fsnotify.Watcher
	last    *wrangler.Resolution // the last one without an error, nil if there is none
	failure string               // the text of the last error, that of nil if the last try had none
}

// resolve resolves the project and watches the directories of its files. It starts again if it
// found a directory that was not watched, since a file in it may have changed before it was.
func (w *watcher) resolve() (*wrangler.Resolution, error) {
	w.add(w.options.Dir)
	for _, name := range append([]string{w.options.Config}, w.options.EnvFiles...) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(w.options.Dir, name)
		}
		w.add(filepath.Dir(name))
	}
	for {
		r, err := w.once()
		if err != nil || !w.watch(r.Files()) {
			return r, err
		}
	}
}

func (w *watcher) once() (*wrangler.Resolution, error) {
	config, err := wrangler.Load(w.options)
	if err != nil {
		return nil, err
	}
	return config.Dev(w.dev)
}

// watch watches the directories of files, and those of the files that links name. It reports
// whether one is new.
func (w *watcher) watch(files []string) bool {
	added := false
	for _, file := range files {
		added = w.add(filepath.Dir(file)) || added
		if target, err := filepath.EvalSymlinks(file); err == nil {
			added = w.add(filepath.Dir(target)) || added
		}
	}
	return added
}

// add watches dir or, if it does not exist, the nearest directory above it. It reports whether
// that is new.
func (w *watcher) add(dir string) bool {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	for {
		if slices.Contains(w.events.WatchList(), dir) {
			return false
		}
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return w.events.Add(dir) == nil
		}
		if filepath.Dir(dir) == dir {
			return false
		}
		dir = filepath.Dir(dir)
	}
}

// differs reports whether a result is news after the last one.
func (w *watcher) differs(r *wrangler.Resolution, err error) bool {
	return fmt.Sprint(err) != w.failure ||
		err == nil && !slices.EqualFunc(r.Bindings(), w.last.Bindings(), binding.Binding.Equal)
}

// wait returns when a change is complete.
func (w *watcher) wait(ctx context.Context) error {
	var pause, limit <-chan time.Time // nil until something happens
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-w.events.Errors:
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return err
			}
		case <-w.events.Events:
		case <-pause:
			return nil
		case <-limit:
			return nil
		}
		pause = time.After(quiet)
		if limit == nil {
			limit = time.After(longest)
		}
	}
}
