package wrangler

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
)

// offerPagesDefaults offers what `wrangler pages dev` adds to every project, where the project has nothing of that name, and
// returns the names.
func (r *resolver) offerPagesDefaults(o DevOptions) iter.Seq[string] {
	sha := cmp.Or(o.CommitSHA, strings.Repeat("0", 40))
	short := cmp.Or(o.ShortSHA, sha[:min(8, len(sha))])
	name := cmp.Or(r.settings.Name, r.files.base(r.files.dir))
	defaults := []binding.Binding{
		binding.Var("CF_PAGES", "1"),
		binding.Var("CF_PAGES_BRANCH", cmp.Or(o.Branch, "local")),
		binding.Var("CF_PAGES_COMMIT_SHA", sha),
		binding.Var("CF_PAGES_URL", "https://"+short+"."+name+".pages.dev"),
	}
	source := Source{Origin: FromPages}.spot()
	names := map[string]bool{}
	for _, b := range defaults {
		names[b.Name()] = true
		r.trail.note(source, b, "")
		if _, there := r.assigned.get(b.Name()); !there {
			r.assign(b, source)
		}
	}
	return slices.Values(slices.Sorted(maps.Keys(names)))
}

// offerAssets offers the binding with which a Pages project reads its own files, and returns its name. It replaces any binding
// of the project, but not a flag.
func (r *resolver) offerAssets() string {
	const name = "ASSETS"
	r.offer(binding.Resource("assets", name, "{}"), Source{Origin: FromPages}.spot())
	return name
}
