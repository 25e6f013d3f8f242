package dashboard

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/workerenv/workerenv/version"
)

// pageSize is how many Workers, versions or deployments a page lists.
const pageSize = 50

type workersPage struct {
	Query   string
	Workers []workerRow
	Total   int
	Next    int // offset of the next page, 0 if there is none
	Prev    int // offset of the page before, -1 if there is none
}

type workerRow struct {
	Name    string
	Current version.Deployment
	Latest  base
	Changed made // the newest version or deployment, nil if there is none
}

// made is a version or a deployment.
type made interface {
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
	p := workersPage{Query: strings.TrimSpace(c.r.URL.Query().Get("q"))}
	var names []string
	for _, w := range all {
		if strings.Contains(strings.ToLower(w.Name), strings.ToLower(p.Query)) {
			names = append(names, w.Name)
		}
	}
	p.Total = len(names)
	from := offset(c.r, len(names))
	for _, name := range names[from:min(from+pageSize, len(names))] {
		if row, ok := c.workerRow(name); ok {
			p.Workers = append(p.Workers, row)
		}
	}
	p.Prev, p.Next = neighbours(from, p.Total)
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

// offset returns the offset in the query, from 0 to below n.
func offset(r *http.Request, n int) int {
	from, _ := strconv.Atoi(r.URL.Query().Get("from"))
	return max(0, min(from, n-1))
}
