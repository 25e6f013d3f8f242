package main

import (
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
	if name, named := config.Environment(); named && name != "" {
		return text + " to the environment " + label(name)
	}
	var names []string
	for _, name := range config.Environments() {
		names = append(names, label(name))
	}
	if names == nil {
		return text
	}
	return text + " at its top level; its environments, for --env, are " + strings.Join(names, ", ")
}

// keeping tells what becomes of bindings of the deployed version that an upload does not name.
func keeping(kept []binding.Kind) string {
	if slices.Contains(kept, binding.PlainText) {
		return "vars and secrets of the deployed Worker that are not above stay"
	}
	return "secrets of the deployed Worker that are not above stay, vars that are not above go; --keep-vars keeps them"
}
