package dashboard_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/dashboard"
)

func secret(name string) binding.Binding { return binding.Secret(name, canary+" of "+name) }

func TestAddAndDeploy(t *testing.T) {
	s := newSite(t, dashboard.Options{}, secret("OLD"))
	p := s.arrives(way{})
	p.follows("shop")
	p.follows("Add")
	p.empty().names("API_KEY").enters(canary + " 1")
	p.presses("Review")
	p.presses("Deploy")
	p.sees("Version 2 was saved and deployed.", "API_KEY", "Value encrypted")
	require.Equal(t, map[string]string{"OLD": canary + " of OLD", "API_KEY": canary + " 1"}, s.deployed())
	s.wranglerSees()
}
