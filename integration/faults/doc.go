// Package faults has tests of what must hold when processes are killed, files never end, disks are
// full, clocks jump, and clients are slow or go away. docs/reliability.md has the results. The tests
// need Linux; go test -v shows their figures.
package faults
