package dashboard_test

import (
	"github.com/chromedp/cdproto/cdp"
	"github.com/stretchr/testify/require"
)

// row is a row of the form for variables.
type row struct {
	p     *person
	group cdp.BackendNodeID
}

// row returns the last row for a variable.
func (p *person) row(name string) row {
	p.t.Helper()
	return row{p, p.finds("group", name)}
}

// empty returns the row for one more variable.
func (p *person) empty() row {
	p.t.Helper()
	return p.row("new variable")
}

func (r row) field(role, name string) cdp.BackendNodeID {
	r.p.t.Helper()
	found := r.p.all(r.group, role, name)
	require.NotEmpty(r.p.t, found, "%s %q in the row", role, name)
	return found[0]
}

func (r row) names(name string) row {
	r.p.enters(r.field("textbox", "Name"), name)
	return r
}

func (r row) chooses(kind string) row {
	r.p.chooses(r.field("combobox", "Type"), kind)
	return r
}

func (r row) enters(value string) row {
	r.p.enters(r.field("textbox", "Value"), value)
	return r
}

// addsRow asks for one more row, unless the script has added it.
func (p *person) addsRow() {
	p.t.Helper()
	if p.way.noScript {
		p.presses("Add variable")
	}
}
