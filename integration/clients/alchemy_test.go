package clients

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

// alchemy deploys a program that declares the Worker with its var and its secret.
var alchemy = calls{
	"deploy a new Worker with a secret": func(t *trial) string { return t.alchemy("up", "shop.example", "k3y") },
	"deploy a change of a var": func(t *trial) string {
		t.alchemy("up", "shop.example", "k3y")
		return t.alchemy("up", "new.example", "k3y")
	},
	"secret put": func(t *trial) string {
		t.alchemy("up", "shop.example", "k3y")
		return t.alchemy("up", "shop.example", "n3w")
	},
	"delete the Worker": func(t *trial) string {
		t.alchemy("up", "shop.example", "k3y")
		return t.alchemy("destroy", "shop.example", "k3y")
	},
}

func (t *trial) alchemy(args ...string) string {
	t.Helper()
	output, err := t.program("alchemy.mjs", args...)
	require.NoError(t, err, "%s", output)
	return output
}

// TestAlchemyRenamesClass renames the class of a Durable Object. alchemy keeps the identity of the Durable Object in
// a tag of the Worker: without the tag it deletes the objects.
func TestAlchemyRenamesClass(t *testing.T) {
	npmFolder(t)
	tr := &trial{T: t, api: controlplanetest.NewServer(t, controlplane.Options{}), dir: t.TempDir()}
	tr.alchemy("up", "shop.example", "k3y", "Counter")
	tr.alchemy("up", "shop.example", "k3y", "Counter2")
	latest, _ := tr.snapshot().Latest()
	var sent struct {
		Migrations struct {
			Deleted []string            `json:"deleted_classes"`
			Renamed []map[string]string `json:"renamed_classes"`
		}
	}
	require.NoError(t, json.Unmarshal([]byte(latest.Code().Metadata.Reveal()), &sent))
	require.Empty(t, sent.Migrations.Deleted)
	require.Equal(t, []map[string]string{{"from": "Counter", "to": "Counter2"}}, sent.Migrations.Renamed)
}
