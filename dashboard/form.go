package dashboard

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
)

// maxShown is the length of the longest text that a field of the form shows, in bytes. A longer one
// has an empty field.
const maxShown = 1000

// row is a row of the form.
type row struct {
	ID      string // the end of the names of its fields: "0", or "n0" for one that the base does not have
	Name    string
	Kind    binding.Kind
	Text    string // of a var, if it can be shown
	Hint    string // about a value that is not shown
	Old     bool   // whether the base has the name
	Removed bool
	Problem string
	BadName bool // whether Problem is about the name
}

// editable returns the vars and secrets of a version.
func editable(bindings binding.Set) []binding.Binding {
	return slices.Collect(bindings.Filter(func(b binding.Binding) bool { return !b.Kind().IsResource() }).All())
}

// rows returns the rows of the form for d, and one more for a new variable.
func (d draft) rows(base binding.Set) []row {
	var rows []row
	for i, b := range editable(base) {
		rows = append(rows, d.change(b).row(strconv.Itoa(i), b))
	}
	for i, c := range append(slices.Clip(d.added), change{kind: binding.SecretText}) {
		rows = append(rows, c.row("n"+strconv.Itoa(i), binding.Binding{}))
	}
	return rows
}

// row returns the row for c, a change of old.
func (c change) row(id string, old binding.Binding) row {
	r := row{ID: id, Name: c.name, Kind: c.kind, Old: old.Kind() != "", Removed: c.remove}
	switch text, shown := c.shown(old); {
	case shown:
		r.Text = text
	case c.value == binding.NewValue(""):
		r.Hint = "Empty value"
	case !c.value.IsZero():
		r.Hint = "New value entered"
	case c.kind == old.Kind() && c.kind == binding.SecretText:
		r.Hint = "Value encrypted"
	case c.kind == binding.SecretText && r.Old:
		r.Hint = "Same value, encrypted"
	case c.kind == old.Kind():
		r.Hint = "Not shown, kept if this stays empty"
	}
	return r
}

// shown returns the text in the field for c, a change of old, and whether it is the value. The
// field of a secret is always empty.
func (c change) shown(old binding.Binding) (string, bool) {
	value := c.value
	ofBase, _ := old.Value()
	if value.IsZero() && c.kind == old.Kind() {
		value = ofBase
	}
	if c.hidden && value == ofBase {
		return "", false
	}
	if text := value.Reveal(); c.kind.IsVar() && !value.IsZero() && len(text) <= maxShown {
		return fromForm(text), true
	}
	return "", false
}

// fromForm returns the text of a field: browsers send line ends as CR LF, and no NUL.
func fromForm(text string) string { return fieldText.Replace(strings.ToValidUTF8(text, "\uFFFD")) }

var fieldText = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\uFFFD")

// read returns d with what was entered into the form.
func (d draft) read(form url.Values, base binding.Set) draft {
	remove, undo := form.Get("remove"), form.Get("undo") // a row
	changed := make(map[string]change)
	maps.Copy(changed, d.changed)
	for i, b := range editable(base) {
		id := strconv.Itoa(i)
		switch {
		case id == remove:
			changed[b.Name()] = change{name: b.Name(), remove: true}
		case id == undo:
			delete(changed, b.Name())
		case form.Has("t" + id):
			c := d.change(b).typed(b, kindOf(form.Get("t"+id)), fromForm(form.Get("v"+id)))
			if changed[b.Name()] = c; c.value.IsZero() && c.kind == b.Kind() {
				delete(changed, b.Name())
			}
		}
	}
	var added []change
	for i := 0; form.Has("nn" + strconv.Itoa(i)); i++ {
		id := "n" + strconv.Itoa(i)
		var c change
		if i < len(d.added) {
			c = d.added[i]
		}
		c.name = form.Get("n" + id)
		c = c.typed(binding.Binding{}, kindOf(form.Get("t"+id)), fromForm(form.Get("v"+id)))
		if id != remove && (c.name != "" || c.value.Reveal() != "") {
			added = append(added, c)
		}
	}
	d.changed, d.added, d.findings, d.pasted = changed, added, nil, 0
	return d
}

// kindOf returns the kind in a field.
func kindOf(text string) binding.Kind {
	for _, k := range []binding.Kind{binding.PlainText, binding.JSON} {
		if text == kindName(k) {
			return k
		}
	}
	return binding.SecretText
}

// typed returns c, a change of old, with the kind and the text that were entered into its row.
func (c change) typed(old binding.Binding, kind binding.Kind, text string) change {
	switch shown, _ := c.shown(old); {
	case c.kind == "" || text != shown: // a new row, or another text
		c.value = binding.NewValue(text)
	case c.kind == binding.SecretText && kind.IsVar():
		c.value = binding.Value{} // a page would show it
	}
	if c.kind = kind; c.value.IsZero() && old.Kind().IsVar() && kind != old.Kind() && !encrypts(old.Kind(), kind) {
		c.value, _ = old.Value()
	}
	return c
}

// paste returns d, which read has returned, with the assignments of a .dev.vars file, and its first
// findings.
func (d draft) paste(text string, kind binding.Kind, base binding.Set) draft {
	file := devvars.Parse([]byte(text))
	for finding := range file.Findings() {
		if len(d.findings) == maxFindings {
			break
		}
		d.findings = append(d.findings, finding)
	}
	for name, value := range file.All() {
		if file.IsFragment(name) {
			continue // a piece of a value
		}
		d.put(change{name: name, kind: kind, value: binding.NewValue(value)}, base)
		if d.pasted++; d.pasted > maxRows {
			break // the draft is refused, and the time of put grows with it
		}
	}
	return d
}

// put adds a change to d, in place of the one of its name. A binding of the base keeps its kind.
func (d *draft) put(c change, base binding.Set) {
	if old, ok := base.Lookup(c.name); ok && !old.Kind().IsResource() {
		c.kind = old.Kind()
		d.changed[c.name] = c
		return
	}
	if i := slices.IndexFunc(d.added, func(a change) bool { return a.name == c.name }); i >= 0 {
		d.added[i].value = c.value
		return
	}
	d.added = append(d.added, c)
}
