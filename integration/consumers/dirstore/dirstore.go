// Package dirstore keeps the records of a version.Store in a directory of a local disk, for systems
// with hard links.
package dirstore

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/workerenv/workerenv/version"
)

// Store is a version.Store in the directory Dir, which must exist. Each log is a directory in it,
// and each record a file in that. Any number of processes may use Dir at once.
type Store struct{ Dir string }

// file returns the name of the file of a record, which counts from 0.
func (s Store) file(log string, n int) string {
	return filepath.Join(s.Dir, fmt.Sprintf("%x", sha256.Sum256([]byte(log))), fmt.Sprintf("%09d", n))
}

// Read returns records as version.Store describes.
func (s Store) Read(ctx context.Context, log string, after int) (records []version.Record, err error) {
	for n := after; ctx.Err() == nil; n++ {
		data, err := os.ReadFile(s.file(log, n))
		if errors.Is(err, fs.ErrNotExist) {
			return records, nil
		}
		if err != nil {
			return nil, err
		}
		records = append(records, version.NewRecord(string(data)))
	}
	return nil, ctx.Err()
}

// Append adds a record as version.Store describes. The record is on the disk when Append returns: it
// is written to a file that nobody reads, which then gets its name, unless there is a file of that
// name.
func (s Store) Append(ctx context.Context, log string, base int, r version.Record) error {
	name := s.file(log, base)
	if err := errors.Join(ctx.Err(), os.MkdirAll(filepath.Dir(name), 0o700)); err != nil {
		return err
	}
	if base > 0 {
		if _, err := os.Stat(s.file(log, base-1)); errors.Is(err, fs.ErrNotExist) {
			return version.ErrConflict // the log is shorter
		}
	}
	f, err := os.CreateTemp(filepath.Dir(name), "new-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(r.Reveal())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), name); errors.Is(err, fs.ErrExist) {
		return version.ErrConflict // the log is longer
	} else if err != nil {
		return err
	}
	if base == 0 {
		err = sync(s.Dir)
	}
	return errors.Join(err, sync(filepath.Dir(name)))
}

// sync writes a directory to the disk.
func sync(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
