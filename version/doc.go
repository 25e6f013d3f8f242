// Package version models how code, vars and secrets of Cloudflare Workers reach production:
// through immutable versions, and deployments that divide the traffic among one or two of them.
//
// A [Version] is an upload: code and bindings, including the values of vars and secrets. A [Deployment] gives versions
// shares of the traffic; the newest one is the current one. Setting a secret also makes a version. A [Snapshot] is the
// history of one Worker; it is immutable, as are its versions and deployments. A [Tx] makes changes to a Snapshot by
// the rules of Cloudflare's API. A [History] keeps them in a [Store], and an [Account] keeps the Histories of many
// Workers. [MemStore] is a Store for tests and small programs.
//
//	h := version.NewHistory(new(version.MemStore), "api", version.Options{})
//	v, err := version.Do(ctx, h, func(tx *version.Tx) (version.Version, error) {
//		return tx.UploadAndDeploy(version.Upload{Bindings: bindings})
//	})
//	v.Env().Get("API_KEY")
//	s, err := h.Read(ctx)
//	current, _ := s.Current()
//	current.Pick("user 17").Env().Get("API_KEY")
//
// [History.Watch] follows a history, and [History.Compact] shortens a long one. The package does not deploy to
// Cloudflare and uses no network. Package controlplane serves it as Cloudflare's API.
//
// # Guarantees
//
//   - Versions and deployments never change. Each is later than all before it.
//   - Versions are numbered 1, 2, 3 and so on, without gaps. No number or ID is used twice. Only [History.Compact]
//     drops versions.
//   - An upload, an edit and a change of secrets make exactly one version, or none if they fail. A deployment and a
//     rollback make none.
//   - A deployment has one or two different versions, whose shares sum to exactly 100 %.
//   - No version has a binding of kind Inherit.
//   - The changes of one Update take effect together or not at all, on the history that they were made for. None is
//     lost, even if other processes write at the same time, or crash.
//   - A record is accepted only in the log and in the place that it was made for.
//
// # Changing the latest version or the deployed one
//
// Changes derive from the latest version, deployed or not, as in Cloudflare's API. A change of a secret must not also
// deploy an upload that nobody has deployed. So [Tx.SecretPut] and the other methods that deploy at once fail with a
// [*NotDeployedError] unless the latest version has all traffic. Then use [Tx.VersionsSecretPut], which does not
// deploy, or [Tx.EditAndDeploy] with the deployed version as Base.
//
// # Costs
//
// A version with one new secret takes about 1 KB, half of it its record in a MemStore, and 8 bytes for each binding.
// Update and look-ups by ID take the same time in long histories as in short ones.
//
// # Secrets
//
// Values are in [binding.Value], and nothing in this package prints them, including errors, plans and records. They are
// returned by [Version.Env] and [Version.Bindings], through the methods of package binding, and by [Record.Reveal].
package version
