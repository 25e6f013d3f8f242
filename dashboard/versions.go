package dashboard

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

type versionsPage struct {
	paging
	Versions []base
}

// versions lists the versions, the newest first.
func (c *call) versions() {
	p := versionsPage{paging: c.paging(c.snapshot.VersionCount(), "version")}
	for n := p.Total - p.From; n > 0 && len(p.Versions) < pageSize; n-- {
		v, _ := c.snapshot.Numbered(n)
		p.Versions = append(p.Versions, baseOf(c.snapshot, v))
	}
	c.render(http.StatusOK, "versions", "Versions", p)
}

type versionPage struct {
	Version    base
	Rows       []variable
	Other      version.Version // what Diff starts from
	Diff       binding.Diff
	NewCode    bool
	Deployable bool
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
	p := versionPage{Version: baseOf(c.snapshot, v)}
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
	return slices.Contains(slices.Collect(c.snapshot.Deployable()), v)
}
