package dashboard

import (
	"net/http"
	"strings"
	"time"

	"github.com/workerenv/workerenv/version"
)

type workersPage struct {
	paging
	Workers []workerRow
}

type workerRow struct {
	Name    string
	Current version.Deployment
	Latest  base
	Changed authored // the newest version or deployment, nil if there is none
}

// authored is a version or a deployment.
type authored interface {
	Author() version.Author
	Source() string
	Created() time.Time
}

// workers lists the Workers whose names contain the query.
func (c *call) workers() {
	all, err := c.h.o.Account.Workers(c.r.Context())
	if err != nil {
		c.failWith(err)
		return
	}
	query := strings.TrimSpace(c.r.URL.Query().Get("q"))
	var names []string
	for _, w := range all {
		if strings.Contains(strings.ToLower(w.Name), strings.ToLower(query)) {
			names = append(names, w.Name)
		}
	}
	p := workersPage{paging: c.paging(len(names), "Worker")}
	p.Query = query
	for _, name := range names[p.From:min(p.From+pageSize, p.Total)] {
		if row, ok := c.workerRow(name); ok {
			p.Workers = append(p.Workers, row)
		}
	}
	c.render(http.StatusOK, "workers", "Workers", p)
}

// workerRow returns the row of a Worker, and false if it has been deleted or can't be read.
func (c *call) workerRow(name string) (workerRow, bool) {
	h, err := c.h.o.Account.Open(c.r.Context(), name)
	if err != nil {
		return workerRow{}, false
	}
	s := h.Cached() // Open has read it
	row := workerRow{Name: name, Latest: latestOf(s)}
	row.Current, _ = s.Current()
	switch {
	case row.Current.Created().After(row.Latest.Created()):
		row.Changed = row.Current
	case !row.Latest.IsZero():
		row.Changed = row.Latest
	}
	return row, true
}
