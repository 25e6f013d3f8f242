package wrangler

import (
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// emulated are the kinds of resources that `wrangler dev` of wrangler 4.164.0 gives to a Worker, in the order in which it
// does. The fetcher is the ASSETS binding of a Pages project.
var emulated = []binding.Kind{
	"wasm_module", "text_blob", "data_blob", "service", "fetcher", "d1", "durable_object_namespace", "kv_namespace", "queue", "r2_bucket", "hyperdrive",
	"ratelimit", "assets", "workflow", "pipelines", "k2", "secrets_store_secret", "send_email", "analytics_engine", "analytics", "ai",
	"agent_memory", "ai_search", "ai_search_namespace", "browser", "dispatch_namespace", "images", "stream", "vectorize",
	"vpc_network", "vpc_service", "mtls_certificate", "unsafe_hello_world", "flagship", "artifacts", "worker_loader", "media",
	"version_metadata",
}

// isEmulated reports whether `wrangler dev` gives the Worker a binding of the configuration.
func isEmulated(b config.Binding) bool {
	unsafe := strings.HasPrefix(b.Type, "unsafe_") && b.Type != "unsafe_hello_world"
	return b.Type != "logfwdr" && (!unsafe || b.Fields.Has("dev"))
}

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
		return slices.Index(emulated, "fetcher")
	case slices.Contains(emulated, kind):
		return slices.Index(emulated, kind)
	}
	return len(emulated)
}
