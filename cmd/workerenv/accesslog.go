package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"
)

// newLogger returns a log for people, a line for each record, in which a request has the time that it took.
func newLogger(w io.Writer) *slog.Logger {
	return slog.New(withDuration{slog.NewTextHandler(w, nil)})
}

// startKey is where the context of a request has the time at which it came.
type startKey struct{}

// timed hands the time at which a request comes to what logs it.
func timed(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), startKey{}, time.Now())))
	})
}

// withDuration tells how long the request of a record has taken.
type withDuration struct{ slog.Handler }

func (h withDuration) Handle(ctx context.Context, r slog.Record) error {
	if start, ok := ctx.Value(startKey{}).(time.Time); ok {
		r = r.Clone()
		r.AddAttrs(slog.Duration("duration", time.Since(start).Round(time.Microsecond)))
	}
	return h.Handler.Handle(ctx, r)
}
