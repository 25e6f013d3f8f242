//go:build !unix

package workerenv_test

import "testing"

func pipeWithoutWriter(t *testing.T) { t.Skip("named pipes are no files") }

func endlessDevice(t *testing.T) { t.Skip("devices are no files") }
