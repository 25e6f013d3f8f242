package dashboard_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLive shows pages that are open while wrangler changes the Worker.
func TestLive(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, secret("API_KEY"))
	p := s.arrives(way{audit: true})
	for _, path := range []string{"", "/versions", "/deployments"} {
		p.visits("/workers/shop" + path)
		s.puts("NEW", canary)
		p.sees("Somebody changed this Worker. The page shows the new state.", fmt.Sprint("Version ", s.latest().Number()))
		p.checksPage()
	}
	p.visits("/workers/shop/edit")
	value := p.empty().names("MINE").enters(canary).field("textbox", "Value")
	s.puts("NEW", canary+" 2")
	p.sees("what you entered is kept")
	require.Equal(t, canary, p.value(value))
	require.Equal(t, 409, p.presses("Review"))
	p.sees("Somebody else changed this Worker", "NEW", "MINE")
}
