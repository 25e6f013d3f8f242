// Package leaks has tests only. They hand everything of this library that knows a value of a var or of a secret to what
// programs print, dump, compare, encode, copy, log and crash with, and look for the value in what comes out.
package leaks
