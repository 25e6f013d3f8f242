package dashboard

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/version"
)

// editPage is the form for variables and secrets.
type editPage struct {
	Draft    string // its ID, "" for a form that was not sent yet
	Seen     seen
	Base     base
	Others   []base // other versions to start from
	Add      bool   // whether a new name gets the focus
	Rows     []row
	Problems []problem
	Pasted   int // variables in the file that was pasted last
	Findings []devvars.Finding
}

// newDraft shows the form before it is sent.
func (c *call) newDraft() {
	list := basesOf(c.snapshot)
	if len(list) == 0 {
		c.failWith(version.ErrNoVersions)
		return
	}
	d := draft{worker: c.worker, base: list[0].ID(), seen: seenIn(c.snapshot)}
	if id := c.r.URL.Query().Get("base"); id != "" {
		d.base = id
	}
	c.showForm(d, nil)
}

// createDraft takes the form that newDraft has shown.
func (c *call) createDraft() {
	if !c.parseForm() {
		return
	}
	c.takeForm(draft{worker: c.worker, base: c.r.PostForm.Get("base"), seen: c.seen()})
}

// showDraft shows the form of a draft.
func (c *call) showDraft() {
	if d, ok := c.draft(); ok {
		c.showForm(d, nil)
	}
}

// updateDraft takes the form that showDraft has shown, or another base for the same changes.
func (c *call) updateDraft() {
	if !c.parseForm() {
		return
	}
	d, ok := c.draft()
	if !ok {
		return
	}
	if c.r.PostForm.Get("action") == "rebase" {
		id := c.r.PostForm.Get("base")
		if bindings, ok := c.bindings(id); ok {
			d = c.session.keep(d.rebase(id, bindings, c.seen()))
			c.redirect(c.h.link("workers", c.worker, "drafts", d.id, "review"))
		}
		return
	}
	c.takeForm(d)
}

// takeForm keeps what was entered, and shows the page for the button that was pressed.
func (c *call) takeForm(d draft) {
	bindings, ok := c.bindings(d.base)
	if !ok {
		return
	}
	form := c.r.PostForm
	d.hidden = c.secrets()
	d = d.read(form, bindings)
	if text := form.Get("paste"); text != "" {
		d = d.paste(text, kindOf(form.Get("paste-type")), bindings)
	}
	if rows, bytes := d.size(); rows > maxRows || bytes > maxDraftBytes {
		c.fail(http.StatusRequestEntityTooLarge,
			"A change has at most 1,000 variables and secrets, and 8 MiB. Use wrangler secret bulk, in parts.")
		return
	}
	d = c.session.keep(d)
	location := c.h.link("workers", c.worker, "drafts", d.id)
	switch {
	case form.Has("remove"):
		location += "#row-" + form.Get("remove")
	case form.Has("undo"):
		location += "#row-" + form.Get("undo")
	case form.Get("paste") != "" && (form.Get("action") != "review" || len(d.findings) > 0):
		location += "#pasted"
	case form.Get("action") == "add":
		location += "?add"
	default:
		location += "/review"
	}
	c.redirect(location)
}

// showForm shows the form of a draft.
func (c *call) showForm(d draft, problems []problem) {
	v, ok := c.snapshot.Version(d.base)
	if !ok {
		c.failWith(version.ErrNoVersion)
		return
	}
	d.hidden = c.secrets()
	p := editPage{Draft: d.id, Seen: d.seen, Base: baseOf(c.snapshot, v), Rows: d.rows(v.Bindings()), Problems: problems,
		Findings: d.findings, Pasted: d.pasted, Add: c.r.URL.Query().Has("add")}
	for _, other := range basesOf(c.snapshot) {
		if other.Version != v {
			p.Others = append(p.Others, other)
		}
	}
	mark(p.Rows, problems)
	status := http.StatusOK
	if len(problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	c.render(status, "edit", "Edit variables and secrets", p)
}

// mark connects problems with the rows that they are about. The last row, an empty one, has none.
func mark(rows []row, problems []problem) {
	for i, p := range problems {
		for j, r := range rows[:len(rows)-1] {
			switch {
			case r.Removed || r.Name != p.Name || p.Name == "" && !p.InName || p.InName && r.Old:
			case p.InName:
				rows[j].Problem, rows[j].BadName, problems[i].Field = p.Text, true, "name-"+r.ID
			default:
				rows[j].Problem, problems[i].Field = p.Text, "value-"+r.ID
			}
		}
	}
}

// draft returns the draft in the path. If there is none, it answers the request.
func (c *call) draft() (draft, bool) {
	d, ok := c.session.draft(c.r.PathValue("draft"))
	if !ok || d.worker != c.worker {
		c.fail(http.StatusNotFound, "This change has been saved, or it was dropped after a time without use.")
		return draft{}, false
	}
	return d, true
}

// bindings returns the bindings of a version. If there is none, it answers the request.
func (c *call) bindings(id string) (binding.Set, bool) {
	v, ok := c.snapshot.Version(id)
	if !ok {
		c.failWith(version.ErrNoVersion)
	}
	return v.Bindings(), ok
}

// parseForm reads the form of a request. If it is too large or malformed, it answers the request.
func (c *call) parseForm() bool {
	err := c.r.ParseForm()
	if _, ok := errors.AsType[url.EscapeError](err); ok {
		c.fail(http.StatusBadRequest, "The form is malformed.")
	} else if err != nil {
		c.fail(http.StatusRequestEntityTooLarge, "The form is larger than 4 MiB or has too many fields.")
	}
	return err == nil
}
