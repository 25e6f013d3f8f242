package dashboard_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// All tests use one browser, and processes of one program.
var (
	browser   context.Context
	workerenv string // the command
)

func TestMain(m *testing.M) { os.Exit(runWithBrowser(m)) }

func runWithBrowser(m *testing.M) int {
	program := os.Getenv("WORKERENV_BROWSER")
	if program == "" {
		fmt.Println("WORKERENV_BROWSER is not set to a chromium; see .ci/run")
		return 0
	}
	dir, err := os.MkdirTemp("", "browser")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	workerenv = filepath.Join(dir, "workerenv")
	build := exec.Command("go", "build", "-o", workerenv, "./cmd/workerenv")
	build.Dir, build.Stderr = filepath.Join("..", ".."), os.Stderr
	if err := build.Run(); err != nil {
		panic(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program),
		chromedp.UserDataDir(filepath.Join(dir, "profile")), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP rebound.example 127.0.0.1"))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	defer cancel()
	browser, cancel = chromedp.NewContext(allocator)
	defer cancel()
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		panic(err)
	}
	return m.Run()
}
