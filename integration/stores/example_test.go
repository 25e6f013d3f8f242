package stores

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/store/sealed"
	"github.com/workerenv/workerenv/store/sqlstore"
	"github.com/workerenv/workerenv/version"
)

// newAPI returns Cloudflare's API with everything in a PostgreSQL database. Any number of processes
// can serve one database.
func newAPI(ctx context.Context, source, token string) (http.Handler, error) {
	db, err := sql.Open("pgx", source)
	if err != nil {
		return nil, err
	}
	store, err := sqlstore.Open(ctx, db)
	if err != nil {
		return nil, err
	}
	return controlplane.New(controlplane.Options{Store: store, Token: token}), nil
}

func Example_postgreSQL() {
	api, err := newAPI(context.Background(), "postgres://workerenv@db.example.com/workerenv", "a secret token")
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:8787", api))
}

// TestExamplePostgreSQL makes requests to two processes' handlers.
func TestExamplePostgreSQL(t *testing.T) {
	source := postgresTarget(t).source
	for _, method := range []string{http.MethodPost, http.MethodGet} {
		api, err := newAPI(t.Context(), source, "t0ken")
		require.NoError(t, err)
		r := httptest.NewRequest(method, "/client/v4/accounts/0123456789abcdef0123456789abcdef/pages/projects",
			strings.NewReader(`{"name":"shop","production_branch":"main"}`))
		r.Header.Set("Authorization", "Bearer t0ken")
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		require.Contains(t, w.Body.String(), `"shop"`)
	}
}

// move copies all that is in an SQLite file to an empty PostgreSQL database: all or, if it fails,
// nothing.
func move(ctx context.Context, file, source string) (int, error) {
	from, err := sql.Open("sqlite3", sqlstore.SQLite(file))
	if err != nil {
		return 0, err
	}
	defer from.Close()
	to, err := sql.Open("pgx", source)
	if err != nil {
		return 0, err
	}
	defer to.Close()
	fromStore, err := sqlstore.Open(ctx, from)
	if err != nil {
		return 0, err
	}
	toStore, err := sqlstore.Open(ctx, to)
	if err != nil {
		return 0, err
	}
	return sqlstore.Copy(ctx, toStore, fromStore, nil)
}

func Example_move() {
	n, err := move(context.Background(), "history.db", "postgres://workerenv@db.example.com/workerenv")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("copied", n, "records")
}

// TestMoveToPostgreSQL moves a history, and goes on with it.
func TestMoveToPostgreSQL(t *testing.T) {
	file := filepath.Join(t.TempDir(), "d.db")
	source := target{driver: "sqlite3", source: sqlstore.SQLite(file)}
	destination := postgresTarget(t)
	put := func(target target, value string) version.Snapshot {
		store, db, err := target.open(t.Context())
		require.NoError(t, err)
		defer db.Close()
		set, err := binding.NewSet(binding.Secret("KEY", value))
		require.NoError(t, err)
		h := version.NewHistory(store, "a/b \x00", version.Options{})
		s, err := h.Update(t.Context(), func(tx *version.Tx) error {
			_, err := tx.UploadAndDeploy(version.Upload{Bindings: set})
			return err
		})
		require.NoError(t, err)
		return s
	}
	put(source, "first")
	put(source, "second")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := move(ended, file, destination.source)
	require.Error(t, err)
	n, err := move(t.Context(), file, destination.source)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	s := put(destination, "third")
	require.Equal(t, 3, s.VersionCount())
	second, ok := s.Numbered(2)
	require.True(t, ok)
	require.Equal(t, "second", second.Env().Get("KEY"))
	_, err = move(t.Context(), file, destination.source)
	require.ErrorIs(t, err, sqlstore.ErrNotEmpty)
}

// This example encrypts a history with a keyset that is itself encrypted: with a key encryption key,
// which would be in a cloud KMS or in Vault.
func Example_keyEncryptionKey() {
	kek := newKEK() // for example aead.NewKMSEnvelopeAEAD2, or an AEAD of Tink's extensions for a KMS

	// Once: make the keyset, and keep it encrypted.
	handle, err := keyset.NewHandle(aead.XChaCha20Poly1305KeyTemplate())
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if err := handle.Write(keyset.NewJSONWriter(&file), kek); err != nil {
		log.Fatal(err)
	}

	// In each process: decrypt the keyset, and use it.
	handle, err = keyset.Read(keyset.NewJSONReader(&file), kek)
	if err != nil {
		log.Fatal(err)
	}
	dek, err := aead.New(handle)
	if err != nil {
		log.Fatal(err)
	}
	store := sealed.New(new(version.MemStore), dek)
	h := version.NewHistory(store, "shop", version.Options{})
	s, err := h.Update(context.Background(), func(tx *version.Tx) error {
		_, err := tx.Upload(version.Upload{})
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(s.VersionCount(), "version")
	// Output: 1 version
}

// newKEK returns a key encryption key.
func newKEK() sealed.AEAD {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		log.Fatal(err)
	}
	kek, err := aead.New(handle)
	if err != nil {
		log.Fatal(err)
	}
	return kek
}
