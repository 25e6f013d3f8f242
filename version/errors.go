package version

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The causes that errors of this package have. Test for them with errors.Is; what they are about stands in the
// [*Error] around them.
var (
	// ErrConflict is the answer of [Store.Append] when the log has another number of records, and of
	// [History.UpdateAt] when the history has moved on.
	ErrConflict = errors.New("history has moved on")

	// ErrLost means that a Store does not keep its promises: it has fewer records than it had, or conflicts without
	// having more.
	ErrLost = errors.New("log has lost records")

	// ErrNotFound means that an account has no Worker of that name, or that the Worker has been deleted meanwhile.
	ErrNotFound = errors.New("worker does not exist")
	// ErrExists means that the name of a Worker that is to be is taken.
	ErrExists = errors.New("worker exists already")
	// ErrReferenced is what a [*ReferencedError] is about.
	ErrReferenced = errors.New("other workers refer to it")

	// ErrNoVersions is the answer to a change of the latest version of a Worker that has none.
	ErrNoVersions = errors.New("worker has no versions")
	// ErrNoVersion means that the Worker has no version of that ID.
	ErrNoVersion = errors.New("version does not exist")
	// ErrNotDeployable means that a version is too old to be deployed, see [Snapshot.Deployable].
	ErrNotDeployable = errors.New("version is not among the newest 100")
	// ErrNoTarget means that a rollback names no version and that [Snapshot.RollbackTarget] tells none.
	ErrNoTarget = errors.New("there is no earlier deployment to go back to")

	// ErrNameInUse means that what is to be a secret is a var or a resource.
	ErrNameInUse = errors.New("name is that of a binding which is not a secret")
	// ErrNoSecret means that a secret that is to be deleted is not there.
	ErrNoSecret = errors.New("secret does not exist")
	// ErrNotVar means that what an [Edit] is to encrypt is no var of kind plain_text.
	ErrNotVar = errors.New("only the text of a plain_text var can be encrypted in place")
	// ErrNamedTwice means that an [Edit] is both to set and to unset a name.
	ErrNamedTwice = errors.New("name is both to be set and to be unset")

	// ErrShares is why a deployment is refused: it needs one or two different versions whose shares make 100 %.
	ErrShares = errors.New("deployment needs one or two different versions with shares that sum to 100%")
	// ErrShare is why a text is no [Share].
	ErrShare = errors.New("percentage is neither 0 nor between 0.01 and 100 with at most three decimals")

	// ErrUnchanged is the answer to a change that was to be skipped if it changes nothing, and does.
	ErrUnchanged = errors.New("nothing would change")
	// ErrID means that the source of IDs is missing, or made an empty ID or one that is in use.
	ErrID = errors.New("id is empty or in use")

	// ErrCorrupt is why a record can't be read: it is cut short, damaged, or says what can't be.
	ErrCorrupt = errors.New("record is damaged")
	// ErrUnknown is why a record can't be read: it is of a format, or holds a kind of change, that this release
	// does not know.
	ErrUnknown = errors.New("record is of an unknown kind")
)

// Error tells which change was refused and why. It has no value of a var or a secret in it.
type Error struct {
	Worker  string // the name of the Worker, "" if it has none
	Version string // the ID of the version, "" if it is not about one
	Binding string // the name of the binding; meaningful only if OfBinding is set
	Err     error  // a cause declared in this package or in package binding, an error of a Store or of a context

	OfBinding bool // whether the error is about one binding, whose name may be ""
}

// Error returns what the error is about and the cause.
func (e *Error) Error() string {
	text := about(e.Worker)
	if e.Version != "" {
		text += "version " + quoted(e.Version) + ": "
	}
	if e.OfBinding {
		text += "binding " + quoted(e.Binding) + ": "
	}
	return text + e.Err.Error()
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// BindingsError tells what is wrong with several bindings, where it is wrong with more than one.
type BindingsError struct {
	Entries []*Error // one for each binding, in the order in which they were named
}

// Error returns the first few Entries and tells how many there are.
func (e *BindingsError) Error() string {
	return few(len(e.Entries), "; ", func(i int) string { return e.Entries[i].Error() })
}

// Unwrap returns the Entries.
func (e *BindingsError) Unwrap() []error {
	errs := make([]error, len(e.Entries))
	for i, err := range e.Entries {
		errs[i] = err
	}
	return errs
}

// joined returns the only error of a list as it is, more of them as a BindingsError.
func joined(errs []*Error) error {
	switch len(errs) {
	case 0:
		return nil
	case 1:
		return errs[0]
	}
	return &BindingsError{errs}
}

// NotDeployedError tells that a change which deploys at once was refused, since the latest version is not the one
// that all requests go to: deploying what derives from it would deploy more than the change. Cloudflare's API
// answers 10215 or 10214.
type NotDeployedError struct {
	Worker   string
	Latest   string  // the ID of the latest version
	Deployed []Split // the current deployment, nil if there is none
}

// Error names the latest version and those that are deployed.
func (e *NotDeployedError) Error() string {
	deployed := "nothing"
	if len(e.Deployed) > 0 {
		deployed = few(len(e.Deployed), " and ", func(i int) string {
			return quoted(e.Deployed[i].Version) + " at " + e.Deployed[i].Share.String() + "%"
		})
	}
	return about(e.Worker) + "latest version " + quoted(e.Latest) + " is not what is deployed: " + deployed
}

// SecretsChangedError tells that an older version was not deployed, since its secrets are not those of today and it
// would bring back its own. Cloudflare's API answers 10220.
type SecretsChangedError struct {
	Worker  string
	Version string   // the ID of the older version
	Names   []string // the secrets that were added, removed or changed since, in byte order
}

// Error names the version and the first few secrets.
func (e *SecretsChangedError) Error() string {
	names := few(len(e.Names), ", ", func(i int) string { return quoted(e.Names[i]) })
	return about(e.Worker) + "version " + quoted(e.Version) + ": secrets have changed since: " + names
}

// MissingError tells which names that the code needs are not bound, in every version that was looked at.
type MissingError struct {
	Worker   string
	Versions []Missing // those versions that lack something, in the order in which they were looked at
}

// Missing lists the required names that one version lacks.
type Missing struct {
	Version string   `json:"version"` // its ID, "" for a version that is to be made
	Names   []string `json:"names"`   // in byte order
}

// Error names the first few versions and names.
func (e *MissingError) Error() string {
	return about(e.Worker) + few(len(e.Versions), "; ", func(i int) string {
		m := e.Versions[i]
		names := few(len(m.Names), ", ", func(i int) string { return quoted(m.Names[i]) })
		of := "new version: "
		if m.Version != "" {
			of = "version " + quoted(m.Version) + ": "
		}
		return of + "required but not set: " + names
	})
}

// ReferencedError tells who refers to a Worker that was to be renamed or deleted.
type ReferencedError struct {
	Worker string
	By     []Reference
}

// Error names the first few bindings.
func (e *ReferencedError) Error() string {
	return about(e.Worker) + ErrReferenced.Error() + ": " + few(len(e.By), ", ", func(i int) string {
		return quoted(e.By[i].Worker) + " by binding " + quoted(e.By[i].Binding)
	})
}

// Unwrap returns ErrReferenced.
func (e *ReferencedError) Unwrap() error { return ErrReferenced }

// RecordError tells which record of a log can't be used. It has nothing of the record in it.
type RecordError struct {
	Worker string // "" in the log of an account
	Record int    // its place in the log, from 1
	Err    error  // ErrCorrupt or ErrUnknown
}

// Error returns the place and the cause.
func (e *RecordError) Error() string {
	return about(e.Worker) + "record " + strconv.Itoa(e.Record) + ": " + e.Err.Error()
}

// Unwrap returns Err.
func (e *RecordError) Unwrap() error { return e.Err }

// OutcomeError tells that a [Store] failed while it was to append a record, and that reading the log did not tell
// either whether it did: the change may have taken effect, or may yet.
type OutcomeError struct {
	Worker string // "" if it is about the list of an account
	Err    error  // what the Store said last
}

// Error returns the cause.
func (e *OutcomeError) Error() string {
	return about(e.Worker) + "change may or may not have taken effect: " + e.Err.Error()
}

// Unwrap returns Err.
func (e *OutcomeError) Unwrap() error { return e.Err }

// about is how the text of an error about a Worker begins. There may be none: a name that was never given, or a
// list of Workers.
func about(worker string) string {
	if worker == "" {
		return ""
	}
	return "worker " + quoted(worker) + ": "
}

// few joins the first ten of n texts and counts the rest, so that no input makes a message long.
func few(n int, separator string, text func(i int) string) string {
	const most = 10
	texts := make([]string, min(n, most))
	for i := range texts {
		texts[i] = text(i)
	}
	joined := strings.Join(texts, separator)
	if n > most {
		joined += fmt.Sprintf("%sand %d more", separator, n-most)
	}
	return joined
}

// quoted returns a name as messages show it: as it is if it is plain, else in quotes, and never long.
func quoted(name string) string {
	const longest = 100
	if len(name) > longest {
		return strconv.Quote(name[:longest]) + "..."
	}
	odd := func(r rune) bool {
		return r != '_' && r != '-' && r != '.' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}
	if name == "" || strings.ContainsFunc(name, odd) {
		return strconv.Quote(name)
	}
	return name
}
