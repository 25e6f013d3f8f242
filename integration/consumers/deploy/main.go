// Command deploy releases a Workers project in a model of Cloudflare's versions and deployments,
// which it keeps encrypted in an SQLite database. With the number of a version it goes back to the
// code and the vars of that version, with the secrets of today.
//
//	DEPLOY_KEY=64-hexadecimal-digits deploy DATABASE DIR [NUMBER]
package main

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"

	_ "github.com/ncruces/go-sqlite3/driver"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/store/sealed"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/wrangler"
)

func main() {
	if len(os.Args) < 3 {
		log.Fatal("usage: deploy DATABASE DIR [NUMBER]")
	}
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, database, dir string, number []string) error {
	config, err := wrangler.Load(wrangler.Options{Dir: dir, Environ: os.Environ()})
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite3", sqlstore.SQLite(database))
	if err != nil {
		return err
	}
	defer db.Close()
	key, _ := hex.DecodeString(os.Getenv("DEPLOY_KEY"))
	store, err := open(ctx, db, key) // fails unless the key has 32 bytes
	if err != nil {
		return err
	}
	h := version.NewHistory(store, config.Name(), version.Options{})
	if len(number) == 0 {
		return release(ctx, h, config, binding.Env{}, os.Stdout)
	}
	n, err := strconv.Atoi(number[0])
	if err != nil {
		return err
	}
	return rollback(ctx, h, n)
}

func open(ctx context.Context, db *sql.DB, key []byte) (version.Store, error) {
	aead, err := sealed.NewAESGCM(key)
	if err != nil {
		return nil, err
	}
	store, err := sqlstore.Open(ctx, db)
	if err != nil {
		return nil, err
	}
	return sealed.New(store, aead), nil
}

// release uploads what `wrangler deploy` would upload, with new secrets if there are any, and gives
// it the traffic: 10 % first and then the rest, or everything if there is no earlier version.
func release(ctx context.Context, h *version.History, config *wrangler.Config, secrets binding.Env, w io.Writer) error {
	resolution, err := config.Deploy(wrangler.DeployOptions{Secrets: secrets})
	if err != nil {
		return err
	}
	required, _ := config.RequiredSecrets()
	upload := func(tx *version.Tx) error {
		made, err := tx.Upload(version.Upload{Bindings: resolution.Set(), Keep: resolution.KeepBindings(), Require: required})
		if err != nil {
			return err
		}
		splits := version.Full(made.ID())
		if current, ok := tx.Current(); ok {
			splits = version.Gradual(made.ID(), current.Newest().ID(), version.Percent(10))
		}
		_, err = tx.Deploy(version.Deploy{Splits: splits})
		return err
	}
	plan, err := h.Plan(ctx, nil, upload)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, plan)
	s, err := h.UpdateAt(ctx, plan.Revision, upload) // what the plan shows, or ErrConflict
	if err != nil {
		return err
	}
	current, _ := s.Current()
	if _, done := current.Only(); done {
		return nil
	}
	fmt.Fprintln(w, current) // a real tool watches the error rate here
	_, err = h.UpdateAt(ctx, s.Revision(), func(tx *version.Tx) error {
		_, err := tx.Deploy(version.Deploy{Splits: version.Full(current.Newest().ID())})
		return err
	})
	return err
}

// rollback deploys the code and the vars of an older version with the secrets of today.
func rollback(ctx context.Context, h *version.History, number int) error {
	_, err := h.Update(ctx, func(tx *version.Tx) error {
		good, _ := tx.Before().Numbered(number)
		_, err := tx.RollbackCode(version.Rollback{To: good.ID()})
		return err
	})
	return err
}
