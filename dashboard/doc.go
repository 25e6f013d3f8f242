// Package dashboard serves pages on which people see and change the variables and secrets of
// Workers, their versions and their deployments.
//
//	show := func(path string) { log.Print("http://127.0.0.1:8787" + path) }
//	pages := dashboard.New(dashboard.Options{Account: account, PrintLink: show})
//	show(pages.SignInPath())
//	http.ListenAndServe("127.0.0.1:8787", pages)
//
// The Workers are those of a [version.Account]. It can be the one that package controlplane serves,
// see [controlplane.Handler.Account]: then wrangler and the pages show and change the same Workers.
// All rules are those of package version. Changes that the pages make have the source "dash".
//
// # Changes
//
// A change of variables and secrets starts from a version, its base: the newest deployed one unless
// the user chooses another. So a change does not deploy an upload that was not deployed before. The
// page Review shows the base, the names and kinds that change, and what changes for the requests of
// each deployed version. "Save version" makes a version; "Deploy" also gives it all traffic. A form
// that is sent twice takes effect once.
//
// If somebody else makes a version or a deployment after the base was chosen, the change is not made.
// The page shows what they did and asks for a base; it keeps what the user has entered.
//
// # Secrets
//
// No page, header, cookie, address or record of the log has the value of a secret. When the user
// presses a button, the server keeps the entered values in memory, in a draft; forms have only the ID
// of the draft. A draft belongs to the session that made it. It ends when it is saved, when the
// session ends, or when the session has 16 newer ones. A draft has at most 1,000 changes and 8 MiB, a
// form at most 4 MiB.
//
// The text of a var is shown, unless a secret of that name has the same text now. Line ends in fields
// become LF. An empty field keeps the value of a secret.
//
// # Security
//
// Changes are made by POST only, and refused if they come from another origin; another port is
// another origin. Requests with an unknown Host header are refused. The Content-Security-Policy
// forbids inline scripts and styles, those of other hosts, and frames. Pages are not cached, and send
// no referrer.
//
// A browser signs in with a link that works once, and gets a cookie with a random key, which
// scripts cannot read and requests from other sites do not contain. A session ends after
// Options.IdleTime without requests. A program that has its own users sets Options.Authenticate
// instead, and names the author of each change.
//
// The pages work without JavaScript. With it, they show the changes of others at once.
//
// [controlplane.Handler.Account]: https://pkg.go.dev/github.com/workerenv/workerenv/controlplane#Handler.Account
package dashboard
