// Package version is a model of how code, vars and secrets of Cloudflare Workers reach production: through immutable
// versions, and deployments that divide the requests among one or two of them.
//
// A [Version] is an upload: code and bindings, with the values of vars and secrets. A [Deployment] says which versions
// answer requests, and in which shares; the newest one holds. What puts a secret makes a version, too. A [Snapshot] is
// all of that for one Worker; it is a value, and so is all that it hands out. A [Tx] is a set of changes to a Snapshot,
// made by pure rules, those of Cloudflare's API. A [History] keeps the changes in a [Store], and an [Account] keeps the
// histories of many Workers by name. [MemStore] is a Store for tests and small programs.
//
//	h := version.NewHistory(new(version.MemStore), "api", "api", version.Options{})
//	s, err := h.Update(ctx, func(tx *version.Tx) error {
//		_, err := tx.SecretPut("API_KEY", key, version.Meta{})
//		return err
//	})
//	current, _ := s.Current()
//	current.Pick("user 17").Env().Get("API_KEY")
//
// The package does not deploy anything and asks no network; package controlplane speaks Cloudflare's API over it.
//
// # What always holds
//
//   - A version and a deployment never change.
//   - Versions are numbered 1, 2, 3 and so on, without gaps, and no number and no ID is ever used twice.
//   - An upload, an edit and each of the secret verbs make exactly one version, or none if they fail. A deployment and a
//     rollback make none.
//   - Every version and deployment is later than all before it.
//   - A deployment has one or two different versions, and shares that sum to exactly 100 %.
//   - No version has a binding of kind Inherit.
//   - The changes of one Update take effect together or not at all, upon the history that they were made for. None is
//     ever lost, whoever else writes, and wherever a program stops.
//
// # Which version is changed
//
// Changes derive from the latest version, deployed or not, as in Cloudflare's API. A secret that is to be live at
// once must not deploy somebody else's upload with it; so [Tx.SecretPut] and the like refuse if the latest version
// is not exactly what is deployed, with a [*NotDeployedError]. Then there are two ways on: [Tx.VersionsSecretPut], for the
// secret to go out with that upload; and [Tx.EditAndDeploy] with Base set to the version that is deployed.
//
// # Three ways back
//
// [Tx.Rollback] runs an older version with its own secrets, and refuses if they are not those of today. With Force
// it does not refuse. [Tx.RollbackCode] runs the old code with the secrets of today, as a new version.
//
// # What it costs
//
// A version takes memory for what it changes, not for all of its bindings: those are put together when they are asked
// for, and kept then. So a long history is read fast and takes little. What is asked of one version does not depend on
// how long the history is, but for the first time after it has been read.
//
// # Secrets
//
// Values live in [binding.Value] and are shown by nothing in this package, errors, plans and printed records included. They
// leave through two doors: Env of a version, and [Record.Reveal], by which a Store gets what it has to keep.
package version
