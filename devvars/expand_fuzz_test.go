package devvars_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/devvars"
)

// FuzzExpand expands variables of the form NAME=value, each followed by a NUL. Those before an
// empty one are the process environment, those after it the files.
func FuzzExpand(f *testing.F) {
	for _, c := range expandCases {
		if len(c.process) > 0 {
			f.Add(strings.Join(c.process, "\x00")+"\x00\x00"+strings.Join(c.vars, "\x00"), uint16(0))
		}
		f.Add("\x00"+strings.Join(c.vars, "\x00"), uint16(5))
	}
	f.Fuzz(func(t *testing.T, text string, maxBytes uint16) {
		if !utf8.ValidString(text) {
			t.Skip("the model does not decode")
		}
		first, second, _ := strings.Cut("\x00"+text, "\x00\x00")
		var process, files []oraclePair
		if first != "" {
			process = assignments(strings.Split(first[1:], "\x00"))
		}
		if second != "" {
			files = assignments(strings.Split(second, "\x00"))
		}
		checkExpand(t, process, files, 1+int(maxBytes))
	})
}

func checkExpand(t *testing.T, process, files []oraclePair, maxBytes int) {
	got, err := expandPairs(process, files, 64<<10)
	again, errAgain := expandPairs(process, files, 64<<10)
	require.Equal(t, got, again, "not deterministic")
	require.Equal(t, err, errAgain, "not deterministic")

	want, modelErr := modelExpand(process, files)
	switch {
	case modelErr == nil:
		require.NoError(t, err)
		require.Equal(t, want, got)
	case errors.Is(modelErr, errModelThrew):
		require.ErrorIs(t, err, devvars.ErrExpandBuiltin)
	}
	checkExpandErrors(t, err, process, files, got)
	checkExpandProcess(t, process, files, got)
	checkExpandIdentity(t, process, files, got)

	got, err = expandPairs(process, files, maxBytes)
	checkExpandErrors(t, err, process, files, got)
	checkExpandBound(t, process, files, got, maxBytes)
}

func expandPairs(process, files []oraclePair, maxBytes int) ([]oraclePair, error) {
	o := devvars.ExpandOptions{Environ: environ(sequence(process)), MaxBytes: maxBytes}
	e, err := devvars.Expand(sequence(files), o)
	return expansionOf(e), err
}

// checkExpandErrors checks that each key has either a value or an error, and that errors contain
// keys only.
func checkExpandErrors(t *testing.T, err error, process, files, got []oraclePair) {
	failed := map[string]bool{}
	if err != nil {
		for _, err := range err.(interface{ Unwrap() []error }).Unwrap() {
			e := err.(*devvars.ExpandError)
			require.False(t, failed[e.Key], "reported twice")
			failed[e.Key] = true
			causes := []error{devvars.ErrExpandBuiltin, devvars.ErrExpandEndless, devvars.ErrExpandSize}
			require.Contains(t, causes, e.Err)
			require.Equal(t, e.Key+": "+e.Err.Error(), err.Error())
		}
	}
	for _, kv := range modelObject(append(append([]oraclePair{}, process...), files...)) {
		_, has := modelGet(got, kv.key)
		require.NotEqual(t, failed[kv.key], has, kv.key)
	}
}

// checkExpandProcess checks that values of the process environment that are not empty take
// precedence, and that those which the files do not have are unchanged.
func checkExpandProcess(t *testing.T, process, files, got []oraclePair) {
	files = modelObject(files)
	for _, kv := range modelObject(process) {
		value, ok := modelGet(got, kv.key)
		inFile, overridden := modelGet(files, kv.key)
		switch {
		case !overridden:
			require.True(t, ok)
			require.Equal(t, kv.value, value)
		case kv.value != "" && kv.value != inFile:
			require.True(t, ok)
			require.Equal(t, strings.ReplaceAll(kv.value, `\$`, "$"), value)
		}
	}
}

// checkExpandIdentity checks that a value without a dollar sign is unchanged.
func checkExpandIdentity(t *testing.T, process, files, got []oraclePair) {
	for _, kv := range modelObject(files) {
		value, ok := modelGet(got, kv.key)
		if other, _ := modelGet(modelObject(process), kv.key); ok && other == "" && !strings.Contains(kv.value, "$") {
			require.Equal(t, kv.value, value)
		}
	}
}

// checkExpandBound checks that no value grew beyond the limit.
func checkExpandBound(t *testing.T, process, files, got []oraclePair, maxBytes int) {
	for _, kv := range got {
		raw, _ := modelGet(modelObject(files), kv.key)
		other, _ := modelGet(modelObject(process), kv.key)
		require.LessOrEqual(t, len(kv.value), max(maxBytes, len(raw), len(other)))
	}
}
