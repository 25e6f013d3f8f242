package dashboard

import (
	"net/http"
	"strconv"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

type variablesPage struct {
	Shown      base
	Deployable bool // whether Shown is not deployed, but can be
	Current    version.Deployment
	Latest     base
	Rows       []variable
	Resources  []binding.Binding
	Done       string // what was done to Shown: "saved" or "deployed"
}

// variable is a var or a secret of the version that is shown.
type variable struct {
	binding.Binding
	Shown   bool   // whether Text is that of the var
	Text    string // or its beginning
	Differs string // how it differs between the versions of a gradual deployment
}

// variables shows the variables and secrets of one version: that of the query, or else the newest
// that is deployed, or else the latest one.
func (c *call) variables() {
	p := variablesPage{}
	p.Current, _ = c.snapshot.Current()
	p.Latest = latestOf(c.snapshot)
	var v version.Version
	if bases := basesOf(c.snapshot); len(bases) > 0 {
		v = bases[0].Version
	}
	query := c.r.URL.Query()
	if n, err := strconv.Atoi(query.Get("version")); err == nil {
		if chosen, ok := c.snapshot.Numbered(n); ok {
			v, p.Done = chosen, query.Get("done")
		}
	}
	p.Shown = baseOf(c.snapshot, v)
	p.Deployable = p.Shown.Deployed == 0 && c.isDeployable(v)
	differences, secrets := differencesOf(p.Current), c.secrets()
	for b := range v.Bindings().All() {
		if b.Kind().IsResource() {
			p.Resources = append(p.Resources, b)
			continue
		}
		row := show(b, secrets)
		row.Differs = differences[b.Name()]
		p.Rows = append(p.Rows, row)
	}
	c.render(http.StatusOK, "variables", "Variables and secrets", p)
}

// maxListed is how much of a var a list shows, in bytes.
const maxListed = 200

// show returns the row of b. It does not show the text of a var that is one of the secrets now.
func show(b binding.Binding, secrets map[secret]bool) variable {
	value, _ := b.Value()
	row := variable{Binding: b, Shown: b.Kind().IsVar() && !secrets[secret{b.Name(), value}]}
	if text := value.Reveal(); row.Shown {
		if row.Text = cut(text, maxListed); len(row.Text) < len(text) {
			row.Text += "…"
		}
	}
	return row
}

type secret struct {
	name  string
	value binding.Value
}

// secrets returns the secrets of the latest version and of the deployed ones.
func (c *call) secrets() map[secret]bool {
	all := make(map[secret]bool)
	for _, base := range basesOf(c.snapshot) {
		for b := range base.Bindings().All() {
			if value, ok := b.Value(); ok && b.Kind().IsSecret() {
				all[secret{b.Name(), value}] = true
			}
		}
	}
	return all
}

// differencesOf returns how names differ between the versions of a gradual deployment.
func differencesOf(d version.Deployment) map[string]string {
	texts := make(map[string]string)
	newest := d.Newest().Number()
	older := newest
	for v := range d.All() {
		older = min(older, v.Number())
	}
	for _, change := range d.Diff() {
		text := "Differs in version " + strconv.Itoa(older)
		if change.Added() {
			text = "Only in version " + strconv.Itoa(newest)
		}
		texts[change.Name] = text // a removed name has no row
	}
	return texts
}
