// Package dashboard serves pages on which people see and change the variables and secrets of
// Workers, their versions and their deployments: the third way to a secret, besides local files and
// wrangler.
//
//	show := func(path string) { log.Print("http://127.0.0.1:8787" + path) }
//	pages := dashboard.New(dashboard.Options{Account: account, PrintLink: show})
//	show(pages.SignInPath())
//	http.ListenAndServe("127.0.0.1:8787", pages)
//
// The Workers are those of a [version.Account]. It can be the one that package controlplane serves,
// see [controlplane.Handler.Account]: then wrangler and the pages show and continue the same
// histories. All rules are those of package version; a change by the pages has the source "dash".
//
// # Changes
//
// A change of variables and secrets starts from a version, its base: the newest deployed one unless
// somebody chooses another. So a change does not deploy an upload that was not deployed before. The
// page Review shows the names and kinds that change, the base, and what Deploy changes for the
// requests of each deployed version. "Save version" makes a version; "Deploy" also gives it all
// traffic. A form that is sent twice has an effect once.
//
// If somebody else makes a version or a deployment after the base was chosen, nothing is changed.
// The page shows what they did and asks for a base; what was entered is kept.
//
// # Secrets
//
// No page, header, cookie, address or record of the log has the value of a secret. A value that was
// entered goes to the server with the next button that is pressed, and stays there, in memory, in a
// draft: forms have only the ID of the draft. A draft belongs to the session that made it, and ends
// when it is saved, with the session, or when the session has 16 newer ones. A draft has at most
// 1,000 changes and 8 MiB, and a form 4 MiB.
//
// The text of a var is shown, unless it is a secret of that name now. Line ends in fields become
// LF, and an empty field of a secret keeps the value that is there.
//
// # Security
//
// Changes are made by POST only, and refused if they come from another origin, which includes other
// ports of this machine. Requests with an unknown Host header are refused. No page has a script or
// a style of its own or of another host, or can be in a frame; none is cached or sends a referrer.
//
// A browser signs in with a link that works once, and gets a cookie with a random key, which
// scripts and other sites can't use. A session ends after a time without use. A program that has
// its own users sets Options.Authenticate instead, and names the author of each change.
//
// The pages work without JavaScript. With it, they also show the changes of others at once.
//
// [controlplane.Handler.Account]: https://pkg.go.dev/github.com/workerenv/workerenv/controlplane#Handler.Account
package dashboard
