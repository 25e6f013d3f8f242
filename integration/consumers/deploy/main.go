// Command deploy releases a Workers project in a model of Cloudflare's versions and deployments,
// which it keeps encrypted in an SQLite database.
//
//	DEPLOY_KEY=64-hexadecimal-digits deploy DATABASE release|rollback [DIR]
package main

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"os"

	_ "github.com/ncruces/go-sqlite3/driver"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/store/sealed"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/wrangler"
)

func main() {
	if len(os.Args) < 3 {
		log.Fatal("usage: deploy DATABASE release|rollback [DIR]")
	}
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, database, command string, dir []string) error {
	config, err := wrangler.Load(wrangler.Options{Dir: append(dir, "")[0], Environ: os.Environ()})
	if err != nil {
		return err
	}
	key, err := hex.DecodeString(os.Getenv("DEPLOY_KEY"))
	if err != nil {
		return fmt.Errorf("DEPLOY_KEY is not hexadecimal") // err could show a digit of it
	}
	db, err := sql.Open("sqlite3", sqlstore.SQLite(database))
	if err != nil {
		return err
	}
	defer db.Close()
	store, err := open(ctx, db, key)
	if err != nil {
		return err
	}
	h := version.NewHistory(store, config.Name(), version.Options{})
	if command == "rollback" {
		_, err := rollback(ctx, h)
		return err
	}
	return release(ctx, h, config, binding.Env{}, os.Stdout)
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

// release uploads what `wrangler deploy` would upload, with secrets, and gives it the traffic: all
// of it at once if there is no earlier version, else 10 % first.
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
	fmt.Fprintln(w, current.Diff()) // here a real tool watches the error rate
	return promote(ctx, h, current.Newest())
}

// promote gives all traffic to v.
func promote(ctx context.Context, h *version.History, v version.Version) error {
	_, err := h.Update(ctx, func(tx *version.Tx) error {
		if current, _ := tx.Current(); current.Newest().Number() > v.Number() {
			return fmt.Errorf("version %d was deployed meanwhile", current.Newest().Number())
		}
		_, err := tx.Deploy(version.Deploy{Splits: version.Full(v.ID()), SkipUnchanged: true})
		return err
	})
	return err
}

// rollback deploys the code and the vars of the last good version with the secrets of today.
func rollback(ctx context.Context, h *version.History) (made version.Version, err error) {
	_, err = h.Update(ctx, func(tx *version.Tx) error {
		made, err = tx.RollbackCode(version.Rollback{})
		return err
	})
	return made, err
}
