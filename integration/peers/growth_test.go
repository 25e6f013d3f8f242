package peers_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/devvars/compat"
	"github.com/workerenv/workerenv/integration/internal/sample"
	"github.com/workerenv/workerenv/integration/peers"
	"github.com/workerenv/workerenv/wrangler"
)

// growth is something that this library does with a text, and the texts on which the time that it takes is looked at.
type growth struct {
	name   string
	shapes []sample.Shape // the first one is typical
	run    func(shape string, doc []byte)

	// What BenchmarkGrowth measures, in MiB: of the typical text, and of the others.
	typical, others []int
}

var growths = []growth{
	{"parse", shapes(), func(_ string, doc []byte) { devvars.Parse(doc) }, []int{1, 4, 16, 64}, []int{1, 4, 16}},
	{"parse+all", shapes(), func(_ string, doc []byte) { peers.Ours[1].Read(doc) }, []int{1, 4, 16, 64}, []int{1, 4, 16}},
	{"slice floor", shapes(), func(_ string, doc []byte) { peers.Floors[0].Read(doc) }, []int{1, 4, 16, 64}, []int{1}},
	{"entries", shapes(), func(_ string, doc []byte) { readEntries(doc) }, []int{1, 4, 16, 64}, []int{1}},
	{"lint", append(shapes(), sample.References...), func(_ string, doc []byte) { find(devvars.Parse(doc)) }, []int{1, 4, 16, 64}, []int{1}},
	{"compat", append(shapes(), sample.References...), func(_ string, doc []byte) { compare(devvars.Parse(doc)) }, []int{1, 4, 16, 64}, []int{1}},
	{"edit", shapes(), func(_ string, doc []byte) { edit(doc) }, []int{1, 4, 16, 64}, []int{1}},
	{"expand", append([]sample.Shape{sample.Typical}, sample.References...), func(_ string, doc []byte) { expand(doc) }, []int{1, 4, 16, 64}, []int{1}},
	{"resolve", projectShapes(), func(shape string, doc []byte) { resolve(shape, doc, false) }, []int{1, 4, 16, 64}, []int{1}},
	{"resolve as a library", projectShapes(), func(shape string, doc []byte) { resolve(shape, doc, true) }, nil, nil},
}

func shapes() []sample.Shape { return append([]sample.Shape{sample.Typical}, sample.Worst...) }

func projectShapes() (list []sample.Shape) {
	for _, p := range sample.Projects {
		list = append(list, sample.Shape{Name: p.File + ": " + p.Name, Make: p.Make})
	}
	return list
}

func readEntries(doc []byte) {
	for e := range devvars.Parse(doc).Assignments() {
		_ = e.Pos()
	}
}

// edit gives a new key and a key that is there a value that needs care, and removes one.
func edit(doc []byte) {
	f := devvars.Parse(doc)
	_ = f.Set("NEW", `it's "new" \ #1`)
	_ = f.Set("A", `it's "new" \ #1`)
	f.Delete("B")
}

func expand(doc []byte) {
	_, _ = devvars.Expand(devvars.Parse(doc).All(), devvars.ExpandOptions{}) // what can't be expanded takes time too
}

// resolve resolves the project whose largest file is doc, as wrangler's command line does or as its library does.
func resolve(shape string, doc []byte, programmatic bool) {
	i := slices.IndexFunc(sample.Projects, func(p sample.Project) bool { return p.File+": "+p.Name == shape })
	fsys := fstest.MapFS{sample.Projects[i].File: {Data: doc}}
	config, err := wrangler.Load(wrangler.Options{FS: fsys, Programmatic: programmatic})
	if err == nil {
		_, _ = config.Dev(wrangler.DevOptions{}) // what is refused takes time too
	}
}

// Time grows with the size and with nothing else: on a text that is 8 times as long it is 8 times as long, and not 64 times. It is
// the time that the process had a core, so that other work on the machine makes little difference, and a few good runs are
// proof: whatever disturbs can only make a run longer.
func TestTimeGrowsAsSize(t *testing.T) {
	if slowed {
		t.Skip("the race detector is on")
	}
	for _, g := range growths {
		for _, s := range g.shapes {
			t.Run(g.name+"/"+s.Name, func(t *testing.T) {
				small, large := s.Make(16<<10), s.Make(128<<10)
				least, most := time.Hour, time.Hour
				for start := time.Now(); time.Since(start) < 5*time.Second; {
					least, most = min(least, timeOf(g, s, small)), min(most, timeOf(g, s, large))
					if most < 4*8*least+time.Millisecond {
						return
					}
				}
				t.Errorf("%d bytes take %v, %d bytes %v", len(small), least, len(large), most)
			})
		}
	}
}

// find iterates over the findings and does not keep them, since that takes memory and more time.
func find(f *devvars.File) {
	for range f.Findings() {
	}
}

func compare(f *devvars.File) {
	for range compat.Findings(f) {
	}
}

// slowed says that the race detector is on.
var slowed bool

func timeOf(g growth, s sample.Shape, doc []byte) time.Duration {
	start := coreTime()
	g.run(s.Name, doc)
	return coreTime() - start
}

// BenchmarkGrowth takes minutes: large texts are made and read once or a few times.
func BenchmarkGrowth(b *testing.B) {
	for _, g := range growths {
		for i, s := range g.shapes {
			sizes := g.typical
			if i > 0 {
				sizes = g.others
			}
			for _, mb := range sizes {
				b.Run(fmt.Sprintf("%s/%s/%dMB", g.name, s.Name, mb), func(b *testing.B) {
					doc := s.Make(mb << 20)
					fastest(b, len(doc), func() { g.run(s.Name, doc) })
				})
			}
		}
	}
}
