package dashboard_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// maxPicture is the largest picture in docs, in bytes.
const maxPicture = 60_000

// TestPictures makes the pictures of docs/dashboard.md.
func TestPictures(t *testing.T) {
	if os.Getenv("WORKERENV_SCREENSHOTS") == "" {
		t.Skip("WORKERENV_SCREENSHOTS is not set to a folder")
	}
	s := newSite(t, nil, binding.Var("API_HOST", "api.example.com"),
		binding.JSONVar("LIMITS", `{"requests": 100, "burst": 20}`), secret("DATABASE_URL"), secret("STRIPE_KEY"),
		binding.Resource("kv_namespace", "CARTS", "{}"))
	s.makesHistory()
	p := s.arrives(way{width: 1000})
	p.visits("/workers/shop")
	p.pictures("variables")

	p.visits("/workers/shop/edit?add")
	p.row("API_HOST").enters("api.eu.example.com")
	p.empty().names("MAIL_TOKEN").enters(canary + " of the mail")
	p.empty().names("GREETING").chooses("Text").enters("Hello")
	p.focuses(p.finds("textbox", "Name"))
	p.pictures("edit")
	p.presses("Review")
	p.pictures("review")
	p.presses("Save version")

	p.visits("/workers/shop/deploy?version=2")
	p.prefers("dark")
	p.pictures("rollback")

	phone := s.arrives(way{width: 360})
	phone.visits("/workers/shop/deployments")
	phone.pictures("deployments")
}

// makesHistory makes versions and deployments of shop.
func (s *site) makesHistory() {
	ana := version.Author{Email: "ana@example.com"}
	ben := version.Author{Email: "ben@example.com"}
	for _, step := range []struct {
		ago  time.Duration
		name string
		meta version.Meta
	}{
		{9 * 24 * time.Hour, "STRIPE_KEY", version.Meta{Author: ana, Source: "wrangler",
			Annotations: message("Rotate the key of Stripe")}},
		{50 * time.Hour, "DATABASE_URL", version.Meta{Author: ben, Source: "dash", Annotations: message("New database")}},
	} {
		s.ago = step.ago
		s.update(func(tx *version.Tx) error {
			_, err := tx.SecretPut(step.name, canary+step.ago.String(), step.meta)
			return err
		})
	}
	s.ago = 20 * time.Minute
	s.update(func(tx *version.Tx) error {
		v, err := tx.VersionsSecretPut("STRIPE_KEY", canary+" 3", version.Meta{Author: ana, Source: "wrangler"})
		if err != nil {
			return err
		}
		current, _ := tx.Current()
		_, err = tx.Deploy(version.Deploy{Splits: version.Gradual(v.ID(), current.Newest().ID(), version.Percent(10)),
			Meta: version.Meta{Author: ana, Source: "wrangler", Annotations: message("Try the new key")}})
		return err
	})
	s.ago = 0
}

func message(text string) map[string]string {
	return map[string]string{version.AnnotationMessage: text}
}

// pictures writes a picture of the page.
func (p *person) pictures(name string) {
	p.t.Helper()
	height := evaluate[float64](p, "document.documentElement.offsetHeight")
	shot := call(p, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: new(true),
		Clip: &page.Viewport{Width: float64(p.way.width), Height: height, Scale: 1}})
	full, err := png.Decode(bytes.NewReader(shot.Data))
	require.NoError(p.t, err)
	var small bytes.Buffer
	require.NoError(p.t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, reduced(full)))
	require.LessOrEqual(p.t, small.Len(), maxPicture)
	file := filepath.Join(os.Getenv("WORKERENV_SCREENSHOTS"), name+".png")
	require.NoError(p.t, os.WriteFile(file, small.Bytes(), 0o644))
}

// reduced returns a picture with its 64 most frequent colors.
func reduced(full image.Image) image.Image {
	counts := make(map[color.Color]int)
	for y := range full.Bounds().Dy() {
		for x := range full.Bounds().Dx() {
			counts[full.At(x, y)]++
		}
	}
	colors := slices.SortedFunc(maps.Keys(counts), func(a, b color.Color) int { return counts[b] - counts[a] })
	small := image.NewPaletted(full.Bounds(), color.Palette(colors[:min(64, len(colors))]))
	draw.Draw(small, small.Bounds(), full, image.Point{}, draw.Src)
	return small
}
