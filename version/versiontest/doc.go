// Package versiontest checks implementations of [version.Store], and helps to test what is built upon one.
//
//	func TestStore(t *testing.T) {
//		versiontest.Run(t, func(t *testing.T) version.Store { return open(t.TempDir()) })
//	}
//
// [Run] holds a Store against each of the [Rules], and explains those that it breaks. A [Recorder] writes down what
// concurrent callers ask of a Store and what it answers, and finds out whether a Store that does one thing at a time could
// have answered so. A [Faulty] store fails when it is told to: with nothing done, with all done, or with all
// done later than it said.
package versiontest
