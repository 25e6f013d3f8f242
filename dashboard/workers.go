package dashboard

import (
	"net/http"
	"strconv"
	"strings"

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
	version.Snapshot
	Latest  version.Version
	Current version.Deployment
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
	if p.Prev = from - pageSize; from > 0 {
		p.Prev = max(p.Prev, 0)
	}
	if from+pageSize < len(names) {
		p.Next = from + pageSize
	}
	c.render(http.StatusOK, "workers", "Workers", p)
}

// workerRow returns the row of a Worker, and false if it has been deleted or can't be read.
func (c *call) workerRow(name string) (workerRow, bool) {
	h, err := c.h.o.Account.Open(c.r.Context(), name)
	if err != nil {
		return workerRow{}, false
	}
	row := workerRow{Snapshot: h.Cached()} // Open has read it
	row.Latest, _ = row.Snapshot.Latest()
	row.Current, _ = row.Snapshot.Current()
	return row, true
}

// offset returns the offset in the query, from 0 to below n.
func offset(r *http.Request, n int) int {
	from, _ := strconv.Atoi(r.URL.Query().Get("from"))
	return max(0, min(from, n-1))
}
