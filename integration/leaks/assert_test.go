package leaks_test

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
)

// assertions are the probes that print failing assertions.
var assertions = map[string]probe{
	"testify equality":   probeEquality,
	"testify contents":   probeContents,
	"testify conditions": probeConditions,
	"testify errors":     probeErrorAssertions,
	"testify messages": func(p place) string {
		return failed(
			func(t *transcript) { assert.Fail(t, "message", p.x) },
			func(t *transcript) { assert.Fail(t, "message", "%v %+v %#v %s", p.x, p.x, p.x, p.x) },
			func(t *transcript) { assert.Fail(t, fmt.Sprint(p.x)) },
		)
	},
	"testify/require": func(p place) string {
		return failed(
			func(t *transcript) { require.Equal(t, p.x, "something else") },
			func(t *transcript) { require.Empty(t, p.x) },
			func(t *transcript) { require.IsType(t, 1, p.x) },
		)
	},
	"testify/mock": probeMock,
}

// transcript implements the interfaces of testify for tests and keeps the messages.
type transcript struct{ strings.Builder }

func (t *transcript) Errorf(format string, args ...any) { fmt.Fprintf(t, format, args...) }
func (t *transcript) Logf(format string, args ...any)   { fmt.Fprintf(t, format, args...) }
func (t *transcript) FailNow()                          {}

// failed returns the messages of the assertions. Some of them panic.
func failed(assertions ...func(t *transcript)) string {
	var all strings.Builder
	for _, a := range assertions {
		t := new(transcript)
		all.WriteString(attempt(func() string { a(t); return "" }))
		all.WriteString(t.String())
	}
	return all.String()
}

func probeEquality(p place) string {
	return failed(
		func(t *transcript) { assert.Equal(t, p.x, "something else") },
		func(t *transcript) { assert.Equal(t, p.zero(), p.x) },
		func(t *transcript) { assert.Equal(t, []any{1, p.x}, []any{2, p.x}) },
		func(t *transcript) { assert.EqualValues(t, p.zero(), p.x) },
		func(t *transcript) { assert.EqualExportedValues(t, p.zero(), p.x) },
		func(t *transcript) { assert.Exactly(t, 1, p.x) },
		func(t *transcript) { assert.NotEqual(t, p.x, p.x) },
		func(t *transcript) { assert.Same(t, p.x, new(int)) },
	)
}

func probeContents(p place) string {
	return failed(
		func(t *transcript) { assert.ElementsMatch(t, []any{p.x}, []any{1}) },
		func(t *transcript) { assert.NotElementsMatch(t, []any{p.x}, []any{p.x}) },
		func(t *transcript) { assert.Contains(t, []any{1}, p.x) },
		func(t *transcript) { assert.Contains(t, p.x, 1) },
		func(t *transcript) { assert.NotContains(t, []any{p.x}, p.x) },
		func(t *transcript) { assert.Subset(t, []any{1}, []any{p.x}) },
		func(t *transcript) { assert.Subset(t, map[string]any{"k": 1}, map[string]any{"k": p.x}) },
		func(t *transcript) { assert.Len(t, p.x, 99) },
		func(t *transcript) { assert.Empty(t, p.x) },
	)
}

func probeConditions(p place) string {
	return failed(
		func(t *transcript) { assert.Nil(t, p.x) },
		func(t *transcript) { assert.Zero(t, p.x) },
		func(t *transcript) { assert.IsType(t, 1, p.x) },
		func(t *transcript) { assert.Implements(t, (*fmt.Scanner)(nil), p.x) },
		func(t *transcript) { assert.Greater(t, p.x, p.x) },
		func(t *transcript) { assert.InDelta(t, p.x, 1, 1) },
		func(t *transcript) { assert.Regexp(t, "^$", p.x) },
		func(t *transcript) { assert.NotPanics(t, func() { panic(p.x) }) },
		func(t *transcript) { assert.PanicsWithValue(t, 1, func() { panic(p.x) }) },
		func(t *transcript) { assert.True(t, false, p.x) },
	)
}

func probeErrorAssertions(p place) string {
	err, ok := p.x.(error)
	if !ok {
		err = fmt.Errorf("wrapped: %+v", p.x)
	}
	return failed(
		func(t *transcript) { assert.NoError(t, err) },
		func(t *transcript) { assert.ErrorIs(t, err, fs.ErrClosed) },
		func(t *transcript) { assert.ErrorAs(t, err, new(*syntaxError)) },
		func(t *transcript) { assert.EqualError(t, err, "other") },
		func(t *transcript) { assert.ErrorContains(t, err, "other") },
	)
}

// syntaxError is a type that no error in these tests has.
type syntaxError struct{ error }

// probeMock calls a mock with unexpected arguments.
func probeMock(p place) string {
	m := new(mock.Mock)
	return failed(
		func(t *transcript) { m.Test(t); m.On("F", p.zero()).Return(1) },
		func(t *transcript) { m.MethodCalled("F", p.x) },
		func(t *transcript) { m.MethodCalled("G", p.x) },
		func(t *transcript) { m.AssertExpectations(t) },
		func(t *transcript) { m.AssertCalled(t, "F", p.x) },
		func(t *transcript) { text, _ := mock.Arguments{p.zero()}.Diff([]any{p.x}); t.WriteString(text) },
	)
}
