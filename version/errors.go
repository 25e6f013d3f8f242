package version

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The causes of errors. Test for them with [errors.Is]; the [*Error] around them has the details.
var (
	// ErrConflict means that a log has another number of records than [Store.Append] expects, or
	// that the history has another revision than [History.UpdateAt] expects.
	ErrConflict = errors.New("history has moved on")

	// ErrOutcome means that a [Store] failed to append a record, and that reading the log did not
	// show whether it was appended: the change may have taken effect, or may do so later.
	ErrOutcome = errors.New("change may or may not have taken effect")

	// ErrNotAppended means that a [Store] failed to append a record, and that the record never
	// will be in the log. Its caller need not read the log to find out.
	ErrNotAppended = errors.New("record was not appended")

	// ErrBusy means that an Update of a [History] waited two seconds for the function of another Update, which did not
	// return. An Update that the function of an Update of the same History calls fails with it.
	ErrBusy = errors.New("function of another update does not return")

	// ErrTxClosed means that a [Tx] was changed after the function that was given it had returned.
	ErrTxClosed = errors.New("tx was changed after the function that was given it returned")

	// ErrLost means that a Store has lost records: one in the middle of a log is missing, or an append
	// conflicts although the log has no new records.
	ErrLost = errors.New("log has lost records")

	// ErrHead means that the stored log is shorter than a [Head], or has other records.
	ErrHead = errors.New("log does not have the records of the head: some are missing or differ")

	// ErrNotFound means that the account has no Worker of that name, or that the Worker has been deleted.
	ErrNotFound = errors.New("worker does not exist")
	// ErrExists means that another Worker has the name.
	ErrExists = errors.New("worker exists already")
	// ErrReferenced is the cause of a [*ReferencedError].
	ErrReferenced = errors.New("other workers refer to it")

	// ErrNoVersions means that a change needs the latest version and the Worker has no versions.
	ErrNoVersions = errors.New("worker has no versions")
	// ErrNoVersion means that the Worker has no version of that ID.
	ErrNoVersion = errors.New("version does not exist")
	// ErrNotDeployable means that a version is too old to be deployed, see [Snapshot.Deployable].
	ErrNotDeployable = errors.New("version is not among the newest 100")
	// ErrNoTarget means that a rollback names no version and [Snapshot.RollbackTarget] has none.
	ErrNoTarget = errors.New("there is no earlier deployment to go back to")

	// ErrNameInUse means that a var or a resource has the name of a secret to be set or removed.
	ErrNameInUse = errors.New("name is that of a binding which is not a secret")
	// ErrNoSecret means that a secret to be deleted does not exist.
	ErrNoSecret = errors.New("secret does not exist")
	// ErrNotVar means that a name to be encrypted by an [Edit] is not a var of kind plain_text.
	ErrNotVar = errors.New("only the text of a plain_text var can be encrypted in place")
	// ErrNamedTwice means that an [Edit] both sets and unsets a name.
	ErrNamedTwice = errors.New("name is both to be set and to be unset")

	// ErrShares means that a deployment is not one or two different versions whose shares sum to 100 %.
	ErrShares = errors.New("deployment needs one or two different versions with shares that sum to 100%")
	// ErrShare means that a text is not a [Share].
	ErrShare = errors.New("percentage is neither 0 nor between 0.01 and 100 with at most three decimals")

	// ErrUnchanged means that a change was skipped, as requested, since it would change nothing.
	ErrUnchanged = errors.New("nothing would change")
	// ErrID means that Options.NewID returned an empty ID or one that is in use.
	ErrID = errors.New("id is empty or in use")

	// ErrCorrupt means that a record is cut short, damaged or contradicts the history before it.
	ErrCorrupt = errors.New("record is damaged")
	// ErrMisplaced means that a record is one of another log or of another place in its log.
	ErrMisplaced = errors.New("record belongs to another log or to another place in it")
	// ErrUnknown means that a record has a format or a kind of change that this release does not know.
	ErrUnknown = errors.New("record is of an unknown kind")
)

// Error says what an error of this package is about (account, Worker, version, binding or record), and wraps the cause.
// An error about several versions or bindings joins one Error for each, see [errors.Join]. It has no value of a var or
// a secret.
type Error struct {
	Account string // the ID of the account, if the error is about its list of Workers
	Worker  string // the name of the Worker, "" if there is none
	Version string // the ID of the version, "" if it is not about one
	Binding string // the name of the binding, "" if it is not about one
	Record  int    // the place of the record in its log, from 1; 0 if it is not about one

	// Err is the cause: one declared in this package or in package binding, an error of the Store, or one of the
	// context. An Error without a cause is invalid.
	Err error
}

// Error returns what the error is about and the cause.
func (e *Error) Error() string {
	text := about(e.Worker)
	if e.Account != "" {
		text = "account " + quoted(e.Account) + ": " + text
	}
	if e.Version != "" {
		text += "version " + quoted(e.Version) + ": "
	}
	if e.Binding != "" {
		text += "binding " + quoted(e.Binding) + ": "
	}
	if e.Record != 0 {
		text += "record " + strconv.Itoa(e.Record) + ": "
	}
	return text + e.Err.Error()
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// join returns nil for no errors, a single error as it is, and else one that wraps all of them and shows the first few.
func join(errs []error) error {
	switch len(errs) {
	case 0:
		return nil
	case 1:
		return errs[0]
	}
	return joined(errs)
}

type joined []error

func (e joined) Error() string {
	return few(len(e), "; ", func(i int) string { return e[i].Error() })
}

func (e joined) Unwrap() []error { return e }

// NotDeployedError means that a change which deploys at once was refused because the latest version does not have all
// traffic: the change derives from the latest version, so deploying it would deploy more than the change. Cloudflare's
// API answers 10215 or 10214. An [*Error] with the Worker wraps it.
type NotDeployedError struct {
	Latest   string  // the ID of the latest version
	Deployed []Split // the current deployment, nil if there is none
}

// Error names the latest version and the deployed ones.
func (e *NotDeployedError) Error() string {
	deployed := "none"
	if len(e.Deployed) > 0 {
		deployed = few(len(e.Deployed), ", ", func(i int) string {
			return quoted(e.Deployed[i].Version) + " at " + e.Deployed[i].Share.String() + "%"
		})
	}
	return "latest version " + quoted(e.Latest) + " is not what is deployed: " + deployed
}

// SecretsChangedError means that an older version was not deployed because its secrets differ from the deployed ones,
// which it would undo. Cloudflare's API answers 10220. An [*Error] with the Worker and the version wraps it.
type SecretsChangedError struct {
	Names []string // the secrets that were added, removed or changed since, in byte order
}

// Error names the first few secrets.
func (e *SecretsChangedError) Error() string {
	return "secrets have changed since: " + fewNames(e.Names)
}

// MissingError means that a version lacks names that are required. An [*Error] with the Worker
// and the version wraps it; the version has no ID if it is to be made.
type MissingError struct {
	Names []string // in byte order
}

// Error names the first few names.
func (e *MissingError) Error() string { return "required but not set: " + fewNames(e.Names) }

// ReferencedError means that a Worker was not renamed or deleted because others refer to it. An
// [*Error] with the Worker wraps it.
type ReferencedError struct {
	By []Reference
}

// Error names the first few bindings.
func (e *ReferencedError) Error() string {
	return ErrReferenced.Error() + ": " + few(len(e.By), ", ", func(i int) string {
		return quoted(e.By[i].Worker) + " by binding " + quoted(e.By[i].Binding)
	})
}

// Unwrap returns ErrReferenced.
func (e *ReferencedError) Unwrap() error { return ErrReferenced }

// about returns how an error about a Worker begins, "" for one without a name.
func about(worker string) string {
	if worker == "" {
		return ""
	}
	return "worker " + quoted(worker) + ": "
}

func fewNames(names []string) string {
	return few(len(names), ", ", func(i int) string { return quoted(names[i]) })
}

// few joins the first ten of n texts and counts the rest, so that messages stay short.
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

// quoted returns a name as messages show it: in quotes if it has other characters than those of
// common names, and cut after 100 bytes.
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
