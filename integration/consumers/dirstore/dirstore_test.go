package dirstore_test

import (
	"testing"

	"github.com/workerenv/workerenv/integration/consumers/dirstore"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/version/versiontest"
)

func TestStore(t *testing.T) {
	versiontest.Run(t, func(t *testing.T) version.Store { return dirstore.Store{Dir: t.TempDir()} })
}
