package dashboard

import (
	"net/http"
	"strconv"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

type versionsPage struct {
	Versions []base
	Total    int
	From     int // offset of the first one
	Next     int // offset of the next page, 0 if there is none
	Prev     int // offset of the page before, -1 if there is none
}

// versions lists the versions, the newest first.
func (c *call) versions() {
	p := versionsPage{Total: c.snapshot.VersionCount()}
	p.From = offset(c.r, p.Total)
	for n := p.Total - p.From; n > 0 && len(p.Versions) < pageSize; n-- {
		v, _ := c.snapshot.Numbered(n)
		p.Versions = append(p.Versions, c.baseOf(v))
	}
	p.Prev, p.Next = neighbours(p.From, p.Total)
	c.render(http.StatusOK, "versions", "Versions", p)
}

// neighbours returns the offsets of the pages before and after that at from, -1 and 0 if there are
// none.
func neighbours(from, total int) (before, after int) {
	before = -1
	if from > 0 {
		before = max(0, from-pageSize)
	}
	if from+pageSize < total {
		after = from + pageSize
	}
	return before, after
}

type versionPage struct {
	Version     base
	Rows        []variable
	Other       version.Version // what Diff starts from
	Diff        binding.Diff
	NewCode     bool
	Deployable  bool
	Annotations map[string]string
}

// version shows one version, and its difference to another one: that of the query, or else the one
// that it was made from.
func (c *call) version() {
	n, _ := strconv.Atoi(c.r.PathValue("number"))
	v, ok := c.snapshot.Numbered(n)
	if !ok {
		c.failWith(version.ErrNoVersion)
		return
	}
	p := versionPage{Version: c.baseOf(v), Annotations: make(map[string]string)}
	for key, text := range v.Annotations() {
		p.Annotations[key] = text
	}
	secrets := c.secrets()
	for b := range v.Bindings().All() {
		p.Rows = append(p.Rows, show(b, secrets))
	}
	other, err := strconv.Atoi(c.r.URL.Query().Get("diff"))
	if err != nil {
		other = v.Base()
	}
	if p.Other, ok = c.snapshot.Numbered(other); ok {
		p.Diff = p.Other.Bindings().Diff(v.Bindings())
		p.NewCode = !p.Other.Code().Equal(v.Code())
	}
	p.Deployable = c.isDeployable(v)
	c.render(http.StatusOK, "version", "Version "+strconv.Itoa(n), p)
}

func (c *call) isDeployable(v version.Version) bool {
	for d := range c.snapshot.Deployable() {
		if d == v {
			return true
		}
	}
	return false
}
