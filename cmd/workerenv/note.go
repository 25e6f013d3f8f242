package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/wrangler"
)

// emptiness tells why nothing is bound, and what would change that.
func emptiness(dir string, config *wrangler.Config) string {
	if config.Path() == "" {
		return "nothing is bound: " + label(dir) + " and the directories above have no wrangler.json, wrangler.jsonc or wrangler.toml; " +
			"use -C or --config if the project is elsewhere"
	}
	text := "nothing is bound: " + label(config.Path()) + " gives nothing"
	names := config.Environments()
	if name, named := config.Environment(); named && name != "" {
		if !slices.Contains(names, name) {
			return text + " to the wanted environment" // a warning tells more of it; its name may be a value of a .env file
		}
		return text + " to the environment " + label(name)
	}
	if len(names) == 0 {
		return text
	}
	return text + " at its top level; its environments, for --env, are " + listed(names)
}

// lead tells where to look further if nothing is bound.
func lead(r *wrangler.Resolution) string {
	if names := r.Names(); len(names) > 0 {
		return "not bound are " + listed(names) + "; --explain tells why"
	}
	return "no .dev.vars or .env file that wrangler dev would read has a name in it"
}

// listed returns the names for a sentence, or the first ones and how many more there are.
func listed(names []string) string {
	const most = 10
	var labels []string
	for _, name := range names[:min(most, len(names))] {
		labels = append(labels, label(name))
	}
	text := strings.Join(labels, ", ")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// keeping tells what becomes of bindings of the deployed version that an upload does not name.
func keeping(kept []binding.Kind) string {
	if slices.Contains(kept, binding.PlainText) {
		return "vars and secrets of the deployed Worker that are not above stay"
	}
	return "secrets of the deployed Worker that are not above stay, vars that are not above go; --keep-vars keeps them"
}
