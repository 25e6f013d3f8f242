package dashboard

import (
	"fmt"
	"net/url"
	"strconv"
)

// pageSize is how many Workers, versions or deployments a page lists.
const pageSize = 50

// paging is the part of a list that a page shows.
type paging struct {
	Noun  string // what the list has, in the singular
	Query string // what the entries match, "" for all
	Total int
	From  int // offset of the first entry
	Prev  int // offset of the page before, -1 if there is none
	Next  int // offset of the next page, 0 if there is none
}

// paging returns the part that the query chooses of a list with total entries.
func (c *call) paging(total int, noun string) paging {
	from, _ := strconv.Atoi(c.r.URL.Query().Get("from"))
	p := paging{Noun: noun, Total: total, From: max(0, min(from, total-1)), Prev: -1}
	if p.From > 0 {
		p.Prev = max(0, p.From-pageSize)
	}
	if p.From+pageSize < total {
		p.Next = p.From + pageSize
	}
	return p
}

// Link returns the link to the page that starts at an offset.
func (p paging) Link(from int) string {
	query := url.Values{"from": {strconv.Itoa(from)}}
	if p.Query != "" {
		query.Set("q", p.Query)
	}
	return "?" + query.Encode()
}

// Count returns which part of the list the page shows.
func (p paging) Count() string {
	switch {
	case p.Total == 1:
		return "1 " + p.Noun
	case p.Total <= pageSize:
		return fmt.Sprintf("%d %ss", p.Total, p.Noun)
	}
	return fmt.Sprintf("%d to %d of %d %ss", p.From+1, min(p.From+pageSize, p.Total), p.Total, p.Noun)
}
