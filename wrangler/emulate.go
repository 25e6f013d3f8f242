package wrangler

import (
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// inDevOrder returns the named bindings in the order of Object.keys(env) in the Worker: integers first, then by kind,
// resources last. Without the command line there is no Worker.
func (r *resolver) inDevOrder(names []string) []binding.Binding {
	list := r.named(names, func(binding.Binding) bool { return true })
	if r.options.Programmatic {
		return list
	}
	slices.SortStableFunc(list, func(a, b binding.Binding) int { return r.devRank(a) - r.devRank(b) })
	if r.assigned.indexed {
		slices.SortStableFunc(list, func(a, b binding.Binding) int { return jsvalue.CompareKeys(a.Name(), b.Name()) })
	}
	return list
}

// devRank returns the place of the kind of b.
func (r *resolver) devRank(b binding.Binding) int {
	switch kind := b.Kind(); {
	case kind == binding.JSON:
		return -3
	case kind == binding.PlainText:
		return -2
	case kind == binding.SecretText:
		return -1
	case r.assigned.items[b.Name()].spot.origin() == FromPages:
		return config.DevOrder("fetcher")
	default:
		return config.DevOrder(string(kind))
	}
}
