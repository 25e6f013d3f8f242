package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParameters(t *testing.T) {
	for query, want := range map[string][]string{
		"base64=true":                    {"base64"},
		"bindings_inherit=strict&page=2": {"bindings_inherit", "page"},
		"account.id=0&excludeScript=1":   {"account.id", "excludeScript"},
		"name=x&c4n4ry&c4n4ry=":          {"name", "?", "?"}, // pieces of a value with an ampersand
		"a%20b=1&=2":                     {"?", "?"},
		strings.Repeat("x", 60) + "=1":   {"?"},
		strings.Repeat("a=1&", 30):       append(strings.Split(strings.Repeat("a", maxParameters), ""), "..."),
	} {
		require.Equal(t, want, parameters(query), query)
	}
}
