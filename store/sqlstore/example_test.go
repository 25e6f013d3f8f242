package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"

	_ "github.com/ncruces/go-sqlite3/driver"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
)

// This example adds a version to a history in a file, twice.
func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "history.db")

	for range 2 {
		if err := addVersion(context.Background(), file); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// 1 versions, HOST is example.com
	// 2 versions, HOST is example.com
}

func addVersion(ctx context.Context, file string) error {
	db, err := sql.Open("sqlite3", sqlstore.SQLite(file))
	if err != nil {
		return err
	}
	defer db.Close()
	store, err := sqlstore.Open(ctx, db)
	if err != nil {
		return err
	}
	bindings, err := binding.NewSet(binding.Var("HOST", "example.com"))
	if err != nil {
		return err
	}
	h := version.NewHistory(store, "shop", version.Options{})
	s, err := h.Update(ctx, func(tx *version.Tx) error {
		_, err := tx.Upload(version.Upload{Bindings: bindings})
		return err
	})
	if err != nil {
		return err
	}
	latest, _ := s.Latest()
	fmt.Printf("%d versions, HOST is %s\n", s.VersionCount(), latest.Env().Get("HOST"))
	return nil
}
