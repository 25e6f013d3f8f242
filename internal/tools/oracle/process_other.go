//go:build !unix

package oracle

import "os/exec"

// ownGroup does nothing where there are no process groups; Open refuses such systems.
func ownGroup(*exec.Cmd) {}

func killStarted(cmd *exec.Cmd) { cmd.Process.Kill() }
