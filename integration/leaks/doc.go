// Package leaks has tests only. They pass every type that holds the value of a var or secret to the
// packages with which programs print, dump, compare, encode, copy and log, and to panics, and search
// the output for the value.
package leaks
