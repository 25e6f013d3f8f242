package leaks_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

// A probe returns what a program would show of a place.
type probe func(p place) string

// probes are the ways in which programs print, encode and log what they hold.
func probes() map[string]probe {
	all := map[string]probe{}
	for _, some := range []map[string]probe{standard, dumpers, encoders, loggers, assertions} {
		maps.Copy(all, some)
	}
	return all
}

// attempt returns what f returns, or what it panics with, as the servers do that recover.
func attempt(f func() string) (out string) {
	defer func() {
		if r := recover(); r != nil {
			out = fmt.Sprintf("%v %+v %#v", r, r, r)
		}
	}()
	return f()
}

// parts returns what all of f return, or panic with.
func parts(f ...func() string) string {
	var b strings.Builder
	for _, one := range f {
		b.WriteString(attempt(one) + "\n")
	}
	return b.String()
}

// slowed says that the race detector is on.
var slowed bool

func skipIfSlowed(t *testing.T) {
	if slowed {
		t.Skip("the race detector is on")
	}
}

func TestNothingLeaks(t *testing.T) {
	skipIfSlowed(t)
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

// Every probe sees the canary in a plain string, or it could not fail.
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
