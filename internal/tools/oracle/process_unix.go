//go:build unix

package oracle

import (
	"os/exec"
	"syscall"
)

// ownGroup makes the command lead a process group of its own.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killStarted kills a command that was started and not yet waited for, together with all that it started.
func killStarted(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
