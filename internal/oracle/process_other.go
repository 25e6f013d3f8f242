//go:build !unix

package oracle

import "os/exec"

// ownGroup does nothing where there are no process groups; Open refuses such systems.
func ownGroup(*exec.Cmd) {}

func killGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		cmd.Process.Kill()
	}
}
