package controlplane

import (
	"errors"
	"iter"
	"math"
	"strconv"

	"github.com/workerenv/workerenv/version"
)

// itemsObject is a list of versions.
type itemsObject []versionObject

func (o itemsObject) appendJSON(b []byte) []byte {
	return append(appendList(append(b, `{"items":`...), o), '}')
}

// listVersions lists versions, the newest first: with deployable=true the 100 that can be deployed, else a page.
func listVersions(c *call) (any, error) {
	s, err := c.snapshot()
	if err != nil {
		return nil, err
	}
	if c.r.URL.Query().Get("deployable") == "true" {
		return itemsObject(newest(visible(s, s.Deployable()), math.MaxInt, showVersion)), nil
	}
	list, info := pageOf(c, s, showVersion)
	return paged{itemsObject(list), info}, nil
}

// visible leaves out those versions of s that have been deleted.
func visible(s version.Snapshot, all iter.Seq[version.Version]) iter.Seq[version.Version] {
	gone := idSet(deletedOf(s).Versions)
	return func(yield func(version.Version) bool) {
		for v := range all {
			if !gone[v.ID()] && !yield(v) {
				return
			}
		}
	}
}

// pageOf returns the page of versions that the query asks for, the newest first.
func pageOf[Out any](c *call, s version.Snapshot, show func(version.Version) Out) ([]Out, resultInfo) {
	total := s.VersionCount() - len(deletedOf(s).Versions)
	page, size := c.natural("page", 1), min(c.natural("per_page", 10), 100)
	skip := min(page-1, total) * size
	list := []Out{}
	for v := range visible(s, s.Versions()) {
		if skip > 0 {
			skip--
			continue
		}
		if len(list) == size {
			break
		}
		list = append(list, show(v))
	}
	return list, resultInfo{page, size, len(list), total}
}

// window returns the page of a list that the query asks for.
func window[T any](c *call, all []T) ([]T, resultInfo) {
	page, size := c.natural("page", 1), min(c.natural("per_page", 10), 100)
	start := min(min(page-1, len(all))*size, len(all))
	part := all[start:min(start+size, len(all))]
	return part, resultInfo{page, size, len(part), len(all)}
}

// natural returns a number of the query, otherwise if it is not there or less than 1. One that is too large is the largest.
func (c *call) natural(key string, otherwise int) int {
	n, err := strconv.Atoi(c.r.URL.Query().Get(key))
	if err != nil && !errors.Is(err, strconv.ErrRange) || n < 1 {
		return otherwise
	}
	return n
}

func getVersion(c *call) (versionObject, error) {
	s, err := c.snapshot()
	if err != nil {
		return versionObject{}, err
	}
	v, err := visibleVersion(s, c.params["version"])
	if err != nil {
		return versionObject{}, err
	}
	return showVersion(v), nil
}

// uploadVersion makes a version of a Worker that exists, and does not deploy it.
func uploadVersion(c *call) (versionObject, error) {
	h, err := c.history()
	if err != nil {
		return versionObject{}, err
	}
	f, err := c.form()
	if err != nil {
		return versionObject{}, err
	}
	if err := c.keep(c.ctx(), f.contents); err != nil {
		return versionObject{}, err
	}
	var v version.Version
	_, err = h.Update(c.ctx(), func(tx *version.Tx) error {
		v, err = tx.Upload(f.on(tx))
		return err
	})
	if err != nil {
		return versionObject{}, err
	}
	return showVersion(v), nil
}
