// Package dashboard has tests only. They start workerenv serve, use its dashboard as people do, in
// Debian's chromium, and check with the unmodified wrangler what came of it. The environment
// configures them:
//
//	WORKERENV_BROWSER       the chromium program; no tests if unset
//	WORKERENV_AXE           axe.min.js of npm's axe-core; no tests of accessibility if unset
//	WORKERENV_ORACLE        folder with the real tools; no comparison with wrangler if unset
//	WORKERENV_SCREENSHOTS   folder to write the pictures of docs/dashboard.md to; none if unset
//
// .ci/run browser installs chromium and axe-core, and runs the tests.
package dashboard
