package leaks_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

// probe returns what a program prints, encodes or logs for a place.
type probe func(p place) string

// probes are the ways in which programs print, encode and log.
func probes() map[string]probe {
	all := map[string]probe{}
	for _, some := range []map[string]probe{standard, dumpers, encoders, loggers, assertions} {
		maps.Copy(all, some)
	}
	return all
}

// attempt returns the result of f. If f panics, it returns the printed value of the panic, as a server
// that recovers would.
func attempt(f func() string) (out string) {
	defer func() {
		if r := recover(); r != nil {
			out = fmt.Sprintf("%v %+v %#v", r, r, r)
		}
	}()
	return f()
}

// parts returns the results or panics of all functions.
func parts(f ...func() string) string {
	var b strings.Builder
	for _, one := range f {
		b.WriteString(attempt(one) + "\n")
	}
	return b.String()
}

// raceEnabled is true under the race detector.
var raceEnabled bool

// skipIfRace skips tests that have no concurrency and take minutes under the race detector.
func skipIfRace(t *testing.T) {
	if raceEnabled {
		t.Skip("too slow under the race detector")
	}
}

func TestNothingLeaks(t *testing.T) {
	skipIfRace(t)
	list := specimens()
	for name, probe := range probes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, s := range list {
				for _, p := range s.places {
					if found := leak(attempt(func() string { return probe(p) })); found != "" {
						t.Errorf("%s (%s) leaks: %q", s.name, p.name, found)
					}
				}
			}
		})
	}
}

// TestProbesCanFail checks that every probe finds the canary in a string.
func TestProbesCanFail(t *testing.T) {
	places := specimenOf("string", canary).places
	for name, probe := range probes() {
		leaks := 0
		for _, p := range places {
			if leak(attempt(func() string { return probe(p) })) != "" {
				leaks++
			}
		}
		if leaks == 0 {
			t.Errorf("%s shows nothing of a string", name)
		}
		t.Logf("%-20s shows a string in %d of %d places", name, leaks, len(places))
	}
}
