// Package etcd keeps the records of a [version.Store] in an etcd cluster.
//
//	client, err := clientv3.New(clientv3.Config{
//		Endpoints:            []string{"10.0.0.1:2379", "10.0.0.2:2379", "10.0.0.3:2379"},
//		DialKeepAliveTime:    10 * time.Second,
//		DialKeepAliveTimeout: 5 * time.Second,
//	})
//	store := etcd.New(client, etcd.Options{})
//
// # Keys
//
// Each record is the value of one key: the prefix of [Options], the length of the log's name as an unsigned varint, the
// name, and the number of the record in the log, from 1, in 8 bytes, the most significant first. [Store.Append] puts
// the key in a transaction, if the key does not exist and the key of the record before it does.
//
// Records contain the values of secrets in plain text; wrap the Store with package sealed to encrypt them.
//
// # Durability
//
// A record is on the disks of most members when Append returns nil. Reads are linearizable: a member
// that is cut off from the others returns no old records, but an error. Use servers of version 3.6.9,
// 3.7.1 or later: others may return old records after a process was paused (etcd issue 20418).
//
// # Failures
//
// Calls wait for a member until their context ends, so give it a deadline. The keep-alive settings above
// let the client use another member when one disappears without closing its connections.
//
// etcd refuses requests of more than 1.5 MiB unless --max-request-bytes is set; clientv3 has a limit of
// 2 MiB, MaxCallSendMsgSize. Append of a larger record fails with [version.ErrNotAppended] and
// [rpctypes.ErrRequestTooLarge]. When the database has reached its quota, Append fails with
// [rpctypes.ErrNoSpace], and may nevertheless have added the record.
package etcd

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/workerenv/workerenv/version"
)

// Store is a [version.Store] in an etcd cluster. It comes from [New]; the zero Store is not usable. It
// is safe for concurrent use, by any number of processes.
type Store struct {
	client *clientv3.Client
	prefix string
}

var (
	_ version.Waiter    = (*Store)(nil)
	_ version.Truncater = (*Store)(nil)
)

// Options are the settings of a [Store].
type Options struct {
	// Prefix is what all keys begin with; "" means "workerenv/". Stores with the same prefix have the
	// same logs. No other keys in the cluster may begin with it.
	Prefix string
}

// New returns the Store of the cluster that client connects to. It sends nothing yet. The caller closes
// client when the Store is no longer used.
func New(client *clientv3.Client, o Options) *Store {
	return &Store{client, cmp.Or(o.Prefix, "workerenv/")}
}

// key returns the key of a record, whose number is at least 1. No key of a log begins with the key of
// another log, since the length of the name comes first.
func (s *Store) key(log string, number int) string {
	b := binary.AppendUvarint([]byte(s.prefix), uint64(len(log)))
	b = append(b, log...)
	return string(binary.BigEndian.AppendUint64(b, uint64(number)))
}

// lastKey returns a key after all keys of a log.
func (s *Store) lastKey(log string) string { return s.key(log, math.MaxInt) }

// numberOf returns the number of the record that has a key.
func numberOf(key []byte) int { return int(binary.BigEndian.Uint64(key[len(key)-8:])) }

// Append adds a record as [version.Store] describes.
func (s *Store) Append(ctx context.Context, log string, base int, r version.Record) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("etcd: %w: %w", version.ErrNotAppended, err)
	}
	key := s.key(log, base+1)
	isLast := []clientv3.Cmp{
		clientv3.Compare(clientv3.CreateRevision(s.key(log, base)), ">", 0),
		clientv3.Compare(clientv3.CreateRevision(key), "=", 0),
	}
	if base == 0 { // the log must be empty, although record 1 can be missing from one that is not
		isLast = []clientv3.Cmp{clientv3.Compare(clientv3.CreateRevision(key), "=", 0).WithRange(s.lastKey(log))}
	}
	response, err := s.client.Txn(ctx).If(isLast...).Then(clientv3.OpPut(key, r.Reveal())).Commit()
	switch {
	case isTooLarge(err):
		return fmt.Errorf("etcd: %w: %w: %v", version.ErrNotAppended, rpctypes.ErrRequestTooLarge, r)
	case err != nil:
		return fmt.Errorf("etcd: cannot append: %w", err)
	case !response.Succeeded:
		return version.ErrConflict
	}
	return nil
}

// isTooLarge reports whether a request was refused for its size, by the server or by gRPC on either
// side. Other errors with gRPC's code ResourceExhausted do not say whether the request took effect.
func isTooLarge(err error) bool {
	return errors.Is(err, rpctypes.ErrRequestTooLarge) ||
		status.Code(err) == codes.ResourceExhausted && strings.Contains(err.Error(), "message larger than max")
}

// Read returns records as [version.Store] describes, as they are at one revision of the cluster.
func (s *Store) Read(ctx context.Context, log string, after int) ([]version.Record, error) {
	for {
		records, err := s.readPages(ctx, log, after)
		if err == nil {
			return records, nil
		}
		if !errors.Is(err, rpctypes.ErrCompacted) { // the revision of the first page was removed
			return nil, fmt.Errorf("etcd: cannot read: %w", err)
		}
	}
}

// The first request is for firstPage records, and the others for as many as have about pageBytes.
const (
	firstPage = 200
	pageBytes = 4 << 20
)

func (s *Store) readPages(ctx context.Context, log string, after int) ([]version.Record, error) {
	var records []version.Record
	bytes, limit := 0, int64(firstPage)
	revision := int64(0) // 0 is the newest; later pages have the revision of the first
	for {
		next := s.key(log, after+len(records)+1)
		page, err := s.client.Get(ctx, next, clientv3.WithRange(s.lastKey(log)),
			clientv3.WithLimit(limit), clientv3.WithRev(revision))
		if err != nil {
			return nil, err
		}
		for _, kv := range page.Kvs {
			number := after + len(records) + 1
			if got := numberOf(kv.Key); got != number && len(records) == 0 {
				return nil, s.missing(ctx, log, got, page.Header.Revision)
			} else if got != number {
				return nil, fmt.Errorf("%w: record %d of log %q is missing", version.ErrLost, number, log)
			}
			records = append(records, version.NewRecord(string(kv.Value)))
			bytes += len(kv.Value)
		}
		if !page.More {
			return records, nil
		}
		limit = max(1, pageBytes*int64(len(records))/int64(bytes+1))
		revision = cmp.Or(revision, page.Header.Revision)
	}
}

// missing returns the error for a log that has the record with a number but not the one before it:
// a *version.TruncatedError if it has none before that number, else version.ErrLost.
func (s *Store) missing(ctx context.Context, log string, number int, revision int64) error {
	before, err := s.client.Get(ctx, s.key(log, 1), clientv3.WithRange(s.key(log, number)),
		clientv3.WithCountOnly(), clientv3.WithRev(revision))
	switch {
	case err != nil:
		return err
	case before.Count == 0:
		return &version.TruncatedError{Before: number - 1}
	}
	return fmt.Errorf("%w: record %d of log %q is missing", version.ErrLost, number-1, log)
}

// Truncate removes records as [version.Truncater] describes. Their bytes stay in the files of the members
// until the revision is compacted and the database is defragmented.
func (s *Store) Truncate(ctx context.Context, log string, before int) error {
	response, err := s.client.Txn(ctx).
		If(clientv3.Compare(clientv3.CreateRevision(s.key(log, before+1)), ">", 0).WithRange(s.lastKey(log))).
		Then(clientv3.OpDelete(s.key(log, 1), clientv3.WithRange(s.key(log, before+1)))).Commit()
	switch {
	case err != nil:
		return fmt.Errorf("etcd: cannot truncate: %w", err)
	case !response.Succeeded:
		return version.ErrConflict
	}
	return nil
}

// Wait returns nil once the log may have more than length records, possibly earlier, and ctx.Err() if
// ctx ends first. It fails as Read does.
func (s *Store) Wait(ctx context.Context, log string, length int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the watch
	next, toLast := s.key(log, length+1), clientv3.WithRange(s.lastKey(log))
	for {
		page, err := s.client.Get(ctx, next, toLast, clientv3.WithKeysOnly(), clientv3.WithLimit(1))
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return fmt.Errorf("etcd: cannot read: %w", err)
		case len(page.Kvs) > 0:
			return nil
		}
		// The watch ends early if its revision is compacted or its member has no leader.
		watch := s.client.Watch(clientv3.WithRequireLeader(ctx), next, toLast,
			clientv3.WithRev(page.Header.Revision+1))
		for response := range watch {
			if len(response.Events) > 0 {
				return nil
			}
		}
	}
}
