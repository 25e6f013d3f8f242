// Package versiontest checks implementations of [version.Store], and helps to test code that uses
// one.
//
//	func TestStore(t *testing.T) {
//		versiontest.Run(t, func(t *testing.T) version.Store { return open(t.TempDir()) })
//	}
//
// [Run] checks a Store against each of the [Rules], and explains those that it breaks. A
// [Recorder] records concurrent calls of a Store and checks that they are linearizable. A
// [Faulty] store fails on request: before, after or long after a call takes effect.
package versiontest
