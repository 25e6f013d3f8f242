package dashboard

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/workerenv/workerenv/version"
)

type workersPage struct {
	paging
	Query   string
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
	p := workersPage{Query: strings.TrimSpace(c.r.URL.Query().Get("q"))}
	var names []string
	for _, w := range all {
		if strings.Contains(strings.ToLower(w.Name), strings.ToLower(p.Query)) {
			names = append(names, w.Name)
		}
	}
	p.paging = c.paging(len(names))
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

// pageSize is how many Workers, versions or deployments a page lists.
const pageSize = 50

// paging is the part of a list that a page shows.
type paging struct {
	Total int
	From  int // offset of the first entry
	Prev  int // offset of the page before, -1 if there is none
	Next  int // offset of the next page, 0 if there is none
}

// paging returns the part that the query chooses of a list with total entries.
func (c *call) paging(total int) paging {
	from, _ := strconv.Atoi(c.r.URL.Query().Get("from"))
	p := paging{Total: total, From: max(0, min(from, total-1)), Prev: -1}
	if p.From > 0 {
		p.Prev = max(0, p.From-pageSize)
	}
	if p.From+pageSize < total {
		p.Next = p.From + pageSize
	}
	return p
}
