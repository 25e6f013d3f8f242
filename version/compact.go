package version

import (
	"context"
	"errors"
	"fmt"
	"net/url"
)

// Truncater is an optional interface of a [Store] that can remove the oldest records of a log.
type Truncater interface {
	// Truncate removes the first before records of a log that has more than these; else it removes nothing and fails
	// with ErrConflict. It is atomic. If the records have been removed already, it returns nil.
	//
	// Records keep their places, and logs their lengths: Append expects the same base as before. Read
	// fails with a [*TruncatedError] if one of the records that it would return has been removed.
	Truncate(ctx context.Context, log string, before int) error
}

// TruncatedError means that [Store.Read] would return records that [Truncater.Truncate] has removed.
type TruncatedError struct {
	Before int // how many records have been removed; a Read after that many succeeds
}

// Error returns how many records have been removed.
func (e *TruncatedError) Error() string {
	return fmt.Sprintf("the first %d records have been removed from the log", e.Before)
}

// Compact drops old versions and deployments. It appends a checkpoint: a record of all that is left. Every History of
// the Worker that reads it drops the rest from memory. If the Store is a [Truncater], Compact then removes all records
// before the checkpoint. If nothing has changed since the last one, it appends none.
//
// What is left are the newest 100 versions, the newest 100 deployments, the deployment of [Snapshot.RollbackTarget],
// the versions of these deployments, and the settings; of a deleted Worker, nothing. Revisions and numbers of versions
// go on as before.
//
// What is dropped is lost, with IDs and authors. It cannot be the Base of an Edit any more; it could not be deployed
// before either. The contents of modules are not in the log, so that Compact does not remove them: those that package
// controlplane stores stay, since an upload that is under way may use them again.
//
// Compact fails as [History.Update] does. A checkpoint has 30 KB for versions that differ by a secret, and more for
// large values or many modules. If the Store refuses a record of that size, nothing is dropped.
func (h *History) Compact(ctx context.Context) error {
	if err := h.compact(ctx); !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// tryCompact is Compact, but reports an error as [Options] says, unless ctx has ended: then a later call compacts.
func (h *History) tryCompact(ctx context.Context) {
	if err := h.Compact(ctx); err != nil && ctx.Err() == nil {
		h.journal.o.CompactFailed(err)
	}
}

// compact is Compact, but fails with ErrUnsupported if the Store cannot remove records.
func (h *History) compact(ctx context.Context) error {
	s, err := h.journal.update(ctx, -1, h.step(func(tx *Tx) error {
		if tx.base.checkpointed < tx.base.revision {
			tx.add(tx.base.checkpoint(deployable, keptDeployments))
		}
		return nil
	}))
	if err != nil || s.Revision() == 0 {
		return err
	}
	err = errors.ErrUnsupported
	if t, ok := h.journal.store.(Truncater); ok {
		err = t.Truncate(ctx, h.journal.log, s.data().checkpointed-1)
	}
	if err != nil {
		return h.journal.fail(err)
	}
	return nil
}

// Erase removes the vars, secrets and everything else of a deleted Worker from the Store. The id is that of [Worker],
// since another Worker may have the name by now. What the Store has elsewhere, such as backups, stays. It fails with
// ErrNotFound if there was no such Worker, with ErrExists if it is not deleted, and with errors.ErrUnsupported if the
// Store is not a [Truncater].
func (a *Account) Erase(ctx context.Context, id string) error {
	h := newHistory(a.store, a.logOf(id), id, a.o)
	s, err := h.Read(ctx)
	switch {
	case err != nil:
		return err
	case s.Revision() == 0:
		return h.journal.fail(ErrNotFound)
	case !s.IsDeleted():
		return h.journal.fail(ErrExists)
	}
	return h.compact(ctx)
}

// logOf returns the name of the log of a Worker.
func (a *Account) logOf(id string) string { return a.journal.log + "/worker/" + url.PathEscape(id) }
