package controlplane

import (
	"context"
	"errors"
	"net/url"

	"github.com/workerenv/workerenv/version"
)

// contentLog is the log that has the content of a module: one record, since the name depends on what is in it. Contents are kept by
// account, and an account that deletes its Workers keeps them.
func contentLog(account, digest string) string {
	return "account/" + url.PathEscape(account) + "/content/" + digest
}

// keep stores contents before a version refers to them.
func (c *call) keep(ctx context.Context, contents map[string]string) error {
	for digest, text := range contents {
		if text == "" {
			continue // a record has data
		}
		err := c.h.store.Append(ctx, contentLog(c.params["account"], digest), 0, version.NewRecord(text))
		if err != nil && !errors.Is(err, version.ErrConflict) {
			return err
		}
	}
	return nil
}

// content returns what is stored for a module.
func (c *call) content(ctx context.Context, m version.Module) (string, error) {
	if m.Size == 0 {
		return "", nil
	}
	records, err := c.h.store.Read(ctx, contentLog(c.params["account"], m.Digest), 0)
	if err != nil {
		return "", err
	}
	if len(records) == 0 {
		return "", &version.Error{Worker: c.script(), Err: version.ErrCorrupt}
	}
	return records[0].Reveal(), nil
}
