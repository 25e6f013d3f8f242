package controlplane

import (
	"math"
	"strconv"

	"github.com/workerenv/workerenv/version"
)

type itemsObject struct {
	Items []versionObject `json:"items"`
}

// listVersions lists versions, the newest first: with deployable=true the 100 that can be deployed, else a page.
func listVersions(c *call) (any, error) {
	s, err := c.snapshot()
	if err != nil {
		return nil, err
	}
	if c.r.URL.Query().Get("deployable") == "true" {
		return itemsObject{newest(s.Deployable(), math.MaxInt, showVersion)}, nil
	}
	list, info := pageOf(c, s, showVersion)
	return paged{itemsObject{list}, info}, nil
}

// pageOf returns the page of versions that the query asks for, the newest first.
func pageOf[Out any](c *call, s version.Snapshot, show func(version.Version) Out) ([]Out, resultInfo) {
	page, size := c.natural("page", 1), min(c.natural("per_page", 10), 100)
	list := []Out{}
	for number := s.VersionCount() - (min(page, s.VersionCount()+1)-1)*size; number > 0 && len(list) < size; number-- {
		v, _ := s.Numbered(number)
		list = append(list, show(v))
	}
	return list, resultInfo{page, size, len(list), s.VersionCount()}
}

// window returns the page of a list that the query asks for.
func window[T any](c *call, all []T) ([]T, resultInfo) {
	page, size := c.natural("page", 1), min(c.natural("per_page", 10), 100)
	start := min(min(page-1, len(all))*size, len(all))
	part := all[start:min(start+size, len(all))]
	return part, resultInfo{page, size, len(part), len(all)}
}

// natural returns a number of the query, otherwise if it is not there or less than 1.
func (c *call) natural(key string, otherwise int) int {
	n, err := strconv.Atoi(c.r.URL.Query().Get(key))
	if err != nil || n < 1 {
		return otherwise
	}
	return n
}

func getVersion(c *call) (versionObject, error) {
	s, err := c.snapshot()
	if err != nil {
		return versionObject{}, err
	}
	v, ok := s.Version(c.params["version"])
	if !ok {
		return versionObject{}, &version.Error{Worker: c.script(), Version: c.params["version"], Err: version.ErrNoVersion}
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
		v, err = tx.Upload(f.upload)
		return err
	})
	if err != nil {
		return versionObject{}, err
	}
	return showVersion(v), nil
}
