package config

import (
	"regexp"
	"sync"
)

// pattern returns a function that compiles a regular expression when it is first called, since most configurations
// never need any.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
