//go:build !unix

package oracle

import "os/exec"

// ownGroup does nothing: Open fails on systems without process groups.
func ownGroup(*exec.Cmd) {}

func killStarted(cmd *exec.Cmd) { cmd.Process.Kill() }
