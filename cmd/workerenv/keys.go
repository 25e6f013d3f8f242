//go:build !nosqlite

package main

import (
	"context"
	"fmt"

	"github.com/workerenv/workerenv/store/sealed"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
)

// rotateKeys adds a key to a keyset and makes it the primary one.
func (c command) rotateKeys(f *flags) int {
	handle, err := updateKeyset(c.path(f.data.keyset), rotated)
	if err != nil {
		return c.fail(keysetError(f.data.keyset, err))
	}
	return c.print(fmt.Sprintf("%s has %d keys; new records are encrypted with key %d once serve is started again\n",
		label(f.data.keyset), handle.Len(), handle.KeysetInfo().GetPrimaryKeyId()))
}

// rewrapData encrypts all records of a database with the primary key.
func (c command) rewrapData(f *flags) int {
	d, err := c.openData(f.data, existing)
	if err != nil {
		return c.fail(err)
	}
	defer d.close()
	ctx := context.Background()
	n, err := d.store.Rewrite(ctx, convert(d.keys, d.keys))
	for _, statement := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} { // remove the old records
		if err == nil {
			_, err = d.db.ExecContext(ctx, statement)
		}
	}
	if err != nil {
		return c.fail(dataError(d.name, err))
	}
	return c.print(fmt.Sprintf("%d records of %s are encrypted with the primary key\n", n, label(d.name)))
}

// copyData copies a database to a new one.
func (c command) copyData(f *flags) int {
	from, err := c.openData(f.from, existing)
	if err != nil {
		return c.fail(err)
	}
	defer from.close()
	to, err := c.openData(f.to, create)
	if err != nil {
		return c.fail(err)
	}
	defer to.close()
	n, err := sqlstore.Copy(context.Background(), to.store, from.store, convert(from.keys, to.keys))
	if err != nil {
		return c.fail(fmt.Errorf("%s to %s: %w", label(f.from.file), label(f.to.file), err))
	}
	return c.print(fmt.Sprintf("copied %d records from %s to %s\n", n, label(f.from.file), c.place(f.to)))
}

// convert returns a function that decrypts records with the keys in from and encrypts them with the
// primary key in to. Nil stands for records that are not encrypted.
func convert(from, to *keyFile) func(sqlstore.Entry) (version.Record, error) {
	return func(e sqlstore.Entry) (r version.Record, err error) {
		r = e.Record
		if from != nil {
			if r, err = sealed.Open(from, e.Log, e.Place, r); err != nil {
				return r, err
			}
		}
		if to != nil {
			return sealed.Seal(to, e.Log, e.Place, r)
		}
		return r, nil
	}
}
