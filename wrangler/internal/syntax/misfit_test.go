package syntax

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestMisfit gives the reader another document than its parser, as if a newer go-toml had other positions or kinds.
func TestMisfit(t *testing.T) {
	for _, c := range [][2]string{
		{"a = 1", "  a = 1"},
		{"a = 1", "abc = 1"},
		{"a = 1", "a = []"},
		{"a = [1]", "a = [1, 2]"},
		{"a = {b=1}", "a = {b=1,c=2}"},
		{"a", "[[ a ]]"},
		{"", "a = [[[1]]]"},
		{"# ", "a.b.c.d = {}"},
		{"[", "a = [ {} ]"},
	} {
		r := newTOMLReader([]byte(c[0]))
		r.parser.Reset([]byte(c[1]))
		_, err := r.read()
		if assert.NotNil(t, err, "%q", c) {
			assert.Equal(t, "cannot read this TOML with the version of go-toml in this program", err.Cause(), "%q", c)
		}
	}
}
