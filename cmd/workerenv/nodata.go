//go:build nosqlite

package main

import (
	"errors"

	"github.com/workerenv/workerenv/version"
)

var errNoSQLite = errors.New("this workerenv was built without SQLite, with the tag nosqlite")

func (c command) openStore(f dataFlags) (version.Store, string, func(), error) {
	if f.file != "" {
		return nil, "", nil, errNoSQLite
	}
	return new(version.MemStore), onlyMemory, func() {}, nil
}

func (c command) copyData(*flags) int { return c.fail(errNoSQLite) }

func (c command) rotateKeys(*flags) int { return c.fail(errNoSQLite) }

func (c command) rewrapData(*flags) int { return c.fail(errNoSQLite) }
