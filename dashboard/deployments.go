package dashboard

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strconv"

	"github.com/workerenv/workerenv/version"
)

type deploymentsPage struct {
	paging
	Current    version.Deployment
	Latest     base
	RollbackTo version.Version
	Past       []version.Deployment
	Done       bool
	deployable func(version.Version) bool
}

// CanGoBack reports whether v has no traffic and is not too old to be deployed.
func (p deploymentsPage) CanGoBack(v version.Version) bool {
	_, deployed := p.Current.Version(v.ID())
	return !v.IsZero() && !deployed && p.deployable(v)
}

// deployments shows the current deployment and lists those before it, the newest first.
func (c *call) deployments() {
	p := deploymentsPage{paging: c.paging(c.snapshot.DeploymentCount(), "deployment"), Done: c.r.URL.Query().Has("done"),
		deployable: c.isDeployable}
	p.Current, _ = c.snapshot.Current()
	p.Latest = latestOf(c.snapshot)
	p.RollbackTo, _ = c.snapshot.RollbackTarget()
	if !p.CanGoBack(p.RollbackTo) {
		p.RollbackTo = version.Version{}
	}
	n := 0
	for d := range c.snapshot.Deployments() {
		if n >= p.From+pageSize {
			break
		}
		if n >= p.From && d.ID() != p.Current.ID() {
			p.Past = append(p.Past, d)
		}
		n++
	}
	c.render(http.StatusOK, "deployments", "Deployments", p)
}

// deployPage shows what a deployment will change.
type deployPage struct {
	Choices  []base // the versions that can be deployed
	New, Old version.Version
	Share    string // of New, a percentage
	Seen     seen
	Key      string // under which the deployment is made once
	Current  version.Deployment
	Live     []liveChange // what changes for requests
	Changed  []string     // secrets that have changed since New was made
	IsOlder  bool         // whether New is older than the newest deployed version
	IsChosen bool         // whether the plan can be deployed
	Problems []problem
	Moved    *moved
}

// deployForm is a new deployment as it is chosen in a form or a query.
type deployForm struct{ to, with, share, how string }

func deployFormOf(get func(string) string) deployForm {
	return deployForm{get("version"), get("with"), get("share"), get("how")}
}

// splits returns the versions and shares of the deployment.
func (c *call) splits(f deployForm) (to, with version.Version, splits []version.Split, err error) {
	to, ok := c.numbered(f.to)
	if !ok {
		return to, with, nil, version.ErrNoVersion
	}
	share := version.All
	if f.share != "" || f.with != "" {
		share, err = version.ParseShare(f.share)
	}
	if f.with == "" {
		return to, with, []version.Split{{Version: to.ID(), Share: share}}, err
	}
	if with, ok = c.numbered(f.with); !ok {
		return to, with, nil, version.ErrNoVersion
	}
	return to, with, version.Gradual(to.ID(), with.ID(), share), err
}

func (c *call) numbered(text string) (version.Version, bool) {
	n, _ := strconv.Atoi(text)
	return c.snapshot.Numbered(n)
}

// reviewDeploy shows the form for a deployment, and what the one in the query changes.
func (c *call) reviewDeploy() { c.showDeploy(deployFormOf(c.r.URL.Query().Get), nil) }

// showDeploy shows the form for a deployment. The error says why the one in f was not made.
func (c *call) showDeploy(f deployForm, err error) {
	p := deployPage{Seen: seenIn(c.snapshot), Key: rand.Text(), Problems: problemsOf(err, "")}
	p.Current, _ = c.snapshot.Current()
	for v := range c.snapshot.Deployable() {
		p.Choices = append(p.Choices, baseOf(c.snapshot, v))
	}
	if f.to == "" {
		p.propose(c.snapshot)
	} else if err := c.plan(f, &p); err == nil {
		p.IsChosen = true
	} else if p.Problems == nil {
		p.Problems = problemsOf(err, "")
	}
	status := http.StatusOK
	if len(p.Problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	if errors.Is(err, errMoved) {
		p.Moved, status = c.moved(c.seen()), http.StatusConflict
	}
	title := "New deployment"
	if p.IsOlder && p.Old.IsZero() {
		title = "Roll back to version " + strconv.Itoa(p.New.Number())
	}
	c.render(status, "deploy", title, p)
}

// propose fills the form of p with a gradual deployment of the latest version, if it is not deployed.
func (p *deployPage) propose(s version.Snapshot) {
	p.New, _ = s.Latest()
	if _, deployed := p.Current.Version(p.New.ID()); !deployed {
		p.Old, p.Share = p.Current.Newest(), "10"
	}
}

// plan adds to p what a deployment would change. It makes none.
func (c *call) plan(f deployForm, p *deployPage) (err error) {
	var splits []version.Split
	if p.New, p.Old, splits, err = c.splits(f); err != nil {
		return err
	}
	p.Share, p.IsOlder = f.share, p.New.Number() < p.Current.Newest().Number()
	_, err = c.history.Plan(c.r.Context(), nil, func(tx *version.Tx) error {
		deploy := version.Deploy{Splits: splits, Require: c.h.o.Required(c.worker), SkipUnchanged: true}
		d, err := tx.Deploy(deploy)
		if changed, ok := errors.AsType[*version.SecretsChangedError](err); ok {
			p.Changed = changed.Names
			deploy.Force = true
			d, err = tx.Deploy(deploy)
		}
		for live, share := range p.Current.All() {
			for v := range d.All() {
				if v != live {
					p.Live = append(p.Live, newLiveChange(live, share, v))
				}
			}
		}
		return err
	})
	return err
}

// applyDeploy makes the deployment.
func (c *call) applyDeploy() {
	if !c.parseForm() {
		return
	}
	f := deployFormOf(c.r.PostForm.Get)
	to, _, splits, err := c.splits(f)
	if err == nil {
		err = c.change(c.r.PostForm.Get("key"), func(tx *version.Tx) (string, error) {
			return c.h.link("workers", c.worker, "deployments") + "?done", c.deploy(tx, to, splits, f.how)
		})
	}
	if err == nil {
		return
	}
	if s, err := c.history.Read(c.r.Context()); err == nil {
		c.snapshot = s
	}
	c.showDeploy(f, err)
}

// deploy makes the deployment. If secrets have changed since, "force" makes it nevertheless, and "code"
// deploys the old code with the current secrets to all.
func (c *call) deploy(tx *version.Tx, to version.Version, splits []version.Split, how string) error {
	required := c.h.o.Required(c.worker)
	if how == "code" && len(splits) == 1 && splits[0].Share == version.All {
		_, err := tx.RollbackCode(version.Rollback{To: to.ID(), Require: required, Meta: c.meta()})
		return err
	}
	_, err := tx.Deploy(version.Deploy{Splits: splits, Force: how == "force", Require: required, Meta: c.meta()})
	return err
}
