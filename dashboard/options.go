package dashboard

import (
	"log/slog"
	"net/http"
	"path"
	"time"

	"github.com/workerenv/workerenv/version"
)

// Options configure a [Handler]. Account is required; the zero value of every other field is ready
// to use.
type Options struct {
	// Account has the Workers that the pages show and change. It may be shared with other programs
	// and with package controlplane, see [version.Account].
	Account *version.Account

	// Path is where the Handler is mounted, for example "/dashboard", with a slash first. The Handler
	// gets requests with their full path. "" is the root.
	Path string

	// Hosts are the host names and addresses, without ports, by which browsers may reach the
	// Handler, besides loopback addresses, localhost and *.localhost. Requests with another Host
	// header are refused, since a web page can make its own name an address of this machine (DNS
	// rebinding).
	Hosts []string

	// Authenticate returns the author of the changes that a request makes, and whether the request
	// may use the pages. Two requests with equal authors share their drafts. A request that may not is
	// answered with status 401; a program that shows a form to sign in instead does so in a handler
	// around this one. Nil means that browsers sign in with a link, see [Handler.SignInPath], and that
	// Author makes the changes.
	Authenticate func(*http.Request) (version.Author, bool)

	// Author makes the changes if Authenticate is nil.
	Author version.Author

	// PrintLink shows a link, which SignInPath has returned, where only those who may sign in see it,
	// for example on the terminal of the server. It is called when a browser that is not signed in
	// requests a link, at most every ten seconds. Nil offers no links.
	PrintLink func(path string)

	// ReadOnly refuses all changes.
	ReadOnly bool

	// Required returns the names that each deployed version of a Worker must have as a var or a
	// secret, for example those of secrets.required in its configuration, which package wrangler
	// reads. Nil requires none.
	Required func(worker string) []string

	// IdleTime is the time without requests after which a session ends and changes that were not
	// saved are dropped. Requests for live updates do not count. 0 is 30 minutes.
	IdleTime time.Duration

	// Logger gets one record for each request: method, path and status, and the error if the Store
	// failed. No record has anything from a form, a header or a query. Nil means no log.
	Logger *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Path = path.Clean("/" + o.Path); o.Path == "/" {
		o.Path = ""
	}
	if o.Required == nil {
		o.Required = func(string) []string { return nil }
	}
	if o.IdleTime <= 0 {
		o.IdleTime = 30 * time.Minute
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}
