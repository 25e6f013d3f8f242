package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

const (
	head   = "# secrets of the shop\r\nexport API_KEY = "
	middle = " # rotate in May\r\nOTHER: \"a\tb\"\n\nnot an assignment\nLAST="
	before = head + "'old'" + middle + "`end`"
)

func TestRotate(t *testing.T) {
	for _, test := range []struct {
		name    string
		secret  string
		keys    []string
		want    string
		failure error // found in the error
	}{
		{"one key", "new", []string{"API_KEY"}, head + "new" + middle + "`end`", nil},
		{"two keys, with quotes where they are needed", "a#b", []string{"API_KEY", "LAST"},
			head + "'a#b'" + middle + "'a#b'", nil},
		{"impossible value", "all 'three' \"kinds\" of `quotes` #", []string{"API_KEY"}, before, devvars.ErrValue},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), ".dev.vars")
			require.NoError(t, os.WriteFile(file, []byte(before), 0o640))
			err := rotate(file, test.keys, func() string { return test.secret })
			require.ErrorIs(t, err, test.failure)
			if err != nil {
				require.Contains(t, err.Error(), test.keys[0])
				require.NotContains(t, err.Error(), test.secret)
			}
			got, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, test.want, string(got))
			info, err := os.Stat(file)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o640), info.Mode())
		})
	}
	require.ErrorIs(t, rotate(filepath.Join(t.TempDir(), "none"), []string{"A"}, nil), os.ErrNotExist)
}
