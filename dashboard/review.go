package dashboard

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// storeTime limits how long a change may take. It goes on if the browser stops waiting.
const storeTime = 30 * time.Second

// seen is how much of a history a person had seen before a change.
type seen struct{ Versions, Deployments int }

func seenIn(s version.Snapshot) seen { return seen{s.VersionCount(), s.DeploymentCount()} }

// seen returns what the form of a review says.
func (c *call) seen() seen {
	versions, _ := strconv.Atoi(c.r.PostForm.Get("versions"))
	deployments, _ := strconv.Atoi(c.r.PostForm.Get("deployments"))
	return seen{versions, deployments}
}

// errMoved means that somebody else has made a version or a deployment since the form was shown.
var errMoved = errors.New("history has moved on")

// change makes a change that was reviewed, at most once under key, and redirects the browser to the
// page at location. It fails with errMoved if somebody else has made a change since the review.
func (c *call) change(key string, f func(*version.Tx) (location string, err error)) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.r.Context()), storeTime)
	defer cancel()
	saw := c.seen()
	location, err := c.session.once(cmp.Or(key, rand.Text()), func() (string, error) {
		return version.Do(ctx, c.history, func(tx *version.Tx) (string, error) {
			if seenIn(tx.Before()) != saw {
				return "", errMoved
			}
			return f(tx)
		})
	})
	if err == nil {
		c.redirect(location)
	}
	return err
}

// reviewPage shows what a draft will change.
type reviewPage struct {
	Draft    string
	Base     base
	Seen     seen // when the base was chosen
	Now      seen
	Number   int          // of the version to be made
	Changes  binding.Diff // from the base
	Empty    []string     // changed names whose new values are empty
	Current  version.Deployment
	Live     []liveChange // what changes for the requests of each deployed version, if it is deployed
	LeftOut  *base        // the latest version, if it is not deployed and the new one lacks its changes
	Missing  []string     // required names that the new version lacks
	Problems []problem
	Moved    *moved
	Bases    []base // to start from, if somebody else has changed the Worker
}

// liveChange is what changes for requests that get version From before the deployment and version To after it.
type liveChange struct {
	From    version.Version
	Share   version.Share // of From before
	To      int
	Diff    binding.Diff
	NewCode bool
}

func newLiveChange(from version.Version, share version.Share, to version.Version) liveChange {
	return liveChange{from, share, to.Number(), from.Bindings().Diff(to.Bindings()), !from.Code().Equal(to.Code())}
}

// moved is what others have changed since the form was shown.
type moved struct {
	Versions    []movedVersion
	Deployments []version.Deployment
}

type movedVersion struct {
	version.Version
	Diff binding.Diff // from the version that it was made from
}

// maxMoved is how many versions and deployments of others a page shows.
const maxMoved = 10

// reviewDraft shows what the draft will change. It changes nothing.
func (c *call) reviewDraft() {
	if d, ok := c.draft(); ok {
		c.showReview(d, nil)
	}
}

// showReview shows the review of d. The error says why d was not saved. If somebody else changed the
// Worker since the base of d was chosen, the page shows what they did, and asks for a base instead of
// having buttons to save.
func (c *call) showReview(d draft, err error) {
	v, ok := c.snapshot.Version(d.base)
	if !ok {
		c.failWith(version.ErrNoVersion)
		return
	}
	problems := problemsOf(err, "")
	made, err := c.try(d)
	if err != nil {
		for _, p := range problemsOf(err, "") {
			if !slices.Contains(problems, p) { // saving has not failed for the same reason
				problems = append(problems, p)
			}
		}
		c.showForm(d, problems)
		return
	}
	p := reviewPage{Draft: d.id, Base: baseOf(c.snapshot, v), Seen: d.seen, Now: seenIn(c.snapshot), Number: made.Number(),
		Changes: v.Bindings().Diff(made.Bindings()), Problems: problems,
		Missing: made.Missing(c.h.o.Required(c.worker)...)}
	status := http.StatusOK
	if len(problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	if p.Now != d.seen {
		p.Moved, status = c.moved(d.seen), http.StatusConflict
		p.Bases = basesOf(c.snapshot)
		if !slices.Contains(p.Bases, p.Base) {
			p.Bases = append(p.Bases, p.Base)
		}
	}
	for _, change := range p.Changes {
		b, _ := made.Bindings().Lookup(change.Name)
		if value, _ := b.Value(); value == binding.NewValue("") {
			p.Empty = append(p.Empty, change.Name)
		}
	}
	p.Current, _ = c.snapshot.Current()
	for live, share := range p.Current.All() {
		p.Live = append(p.Live, newLiveChange(live, share, made))
	}
	if latest := latestOf(c.snapshot); latest.Deployed == 0 && !p.Base.Latest {
		p.LeftOut = &latest
	}
	c.render(status, "review", "Review", p)
}

// try returns the version that a draft would make, without making it. It updates c.snapshot.
func (c *call) try(d draft) (made version.Version, err error) {
	_, err = c.history.Plan(c.r.Context(), nil, func(tx *version.Tx) error {
		c.snapshot = tx.Before()
		made, err = c.edit(tx, tx.Edit, d, nil)
		return err
	})
	return made, err
}

// applyDraft saves the version, and deploys it if that button was pressed.
func (c *call) applyDraft() {
	if !c.parseForm() {
		return
	}
	id := c.r.PathValue("draft")
	d, ok := c.session.draft(id)
	err := c.change(id, func(tx *version.Tx) (string, error) {
		if !ok || d.worker != c.worker {
			return "", version.ErrNoVersion
		}
		return c.apply(tx, d, c.r.PostForm.Get("action") == "deploy")
	})
	switch {
	case err == nil:
		c.session.forget(d)
	case !ok || d.worker != c.worker:
		c.draft() // answers that there is none
	default:
		c.showReview(d, err)
	}
}

// apply makes the version of a draft and returns the page that shows it.
func (c *call) apply(tx *version.Tx, d draft, deploy bool) (string, error) {
	makeVersion, required, done := tx.Edit, []string(nil), "saved"
	if deploy {
		makeVersion, required, done = tx.EditAndDeploy, c.h.o.Required(c.worker), "deployed"
	}
	v, err := c.edit(tx, makeVersion, d, required)
	return c.h.link("workers", c.worker) + "?version=" + strconv.Itoa(v.Number()) + "&done=" + done, err
}

// edit makes the version of a draft, by tx.Edit or tx.EditAndDeploy.
func (c *call) edit(tx *version.Tx, makeVersion func(version.Edit) (version.Version, error), d draft,
	required []string) (version.Version, error) {
	base, ok := tx.Version(d.base)
	if !ok {
		return version.Version{}, version.ErrNoVersion
	}
	edit, err := d.edit(base.Bindings(), c.meta())
	if err == nil {
		edit.Require = required
		return makeVersion(edit)
	}
	_, more := makeVersion(edit) // so that all problems are shown together
	if errors.Is(more, version.ErrUnchanged) {
		more = nil
	}
	return version.Version{}, errors.Join(err, more)
}

func (c *call) moved(saw seen) *moved {
	m := new(moved)
	for v := range c.snapshot.Versions() {
		if v.Number() <= saw.Versions || len(m.Versions) == maxMoved {
			break
		}
		from, _ := c.snapshot.Numbered(v.Base())
		m.Versions = append(m.Versions, movedVersion{v, from.Bindings().Diff(v.Bindings())})
	}
	n := c.snapshot.DeploymentCount() - saw.Deployments
	for d := range c.snapshot.Deployments() {
		if n--; n < 0 || len(m.Deployments) == maxMoved {
			break
		}
		m.Deployments = append(m.Deployments, d)
	}
	return m
}
