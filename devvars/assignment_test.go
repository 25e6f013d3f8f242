package devvars_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

func TestAssignmentPositions(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string // key, its position, position of the value
	}{
		{"A=1\nB=2", []string{"A 1:1 1:3", "B 2:1 2:3"}},
		{"\n  export A = 'x'\n", []string{"A 2:10 2:14"}},
		{"A=\nB:  y # z\n", []string{"A 1:1 1:3", "B 2:1 2:5"}},
		{"A=\"1\n2\"\nB=`x`", []string{"A 1:1 1:3", "B 3:1 3:3"}},
		{"A=1\r\nB=2\rC=3", []string{"A 1:1 1:3", "B 2:1 2:3", "C 3:1 3:3"}},
		{"A=\n\n'x'", []string{"A 1:1 3:1"}},
		{"# é\xff\nA=é B=1\nC=\xff\n", []string{"A 2:1 2:3", "C 3:1 3:3"}},
		{"\uFEFFA=1\n\u2003B\u00A0=\u2003x", []string{"A 1:1 1:3", "B 2:2 2:6"}},
		{"__proto__=x", []string{"__proto__ 1:1 1:11"}},
	} {
		var got []string
		for a := range devvars.Parse([]byte(test.text)).Assignments() {
			got = append(got, fmt.Sprint(a.Key(), " ", a.Pos(), " ", a.ValuePos()))
		}
		require.Equal(t, test.want, got, "%q", test.text)
	}
	require.Equal(t, "-", devvars.Assignment{}.ValuePos().String())
}
