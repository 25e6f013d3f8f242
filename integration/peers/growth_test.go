package peers_test

import (
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/devvars/compat"
	"github.com/workerenv/workerenv/integration/internal/sample"
	"github.com/workerenv/workerenv/wrangler"
)

// growth is an operation of this library and the documents on which its time must grow linearly.
type growth struct {
	name   string
	shapes []sample.Shape // the first one is typical
	run    func(shape string, doc []byte)
}

var growths = []growth{
	{"parse", shapes(), func(_ string, doc []byte) { devvars.Parse(doc) }},
	{"parse+all", shapes(), func(_ string, doc []byte) { readAll(doc) }},
	{"assignments", shapes(), func(_ string, doc []byte) { readAssignments(doc) }},
	{"lint", append(shapes(), sample.References...), func(_ string, doc []byte) { find(devvars.Parse(doc)) }},
	{"lost references", append(shapes(), sample.References...),
		func(_ string, doc []byte) { loseReferences(devvars.Parse(doc)) }},
	{"fragments", shapes(), func(_ string, doc []byte) { findFragments(devvars.Parse(doc)) }},
	{"compat", append(shapes(), sample.References...), func(_ string, doc []byte) { compare(devvars.Parse(doc)) }},
	{"edit", shapes(), func(_ string, doc []byte) { edit(doc) }},
	{"expand", append([]sample.Shape{sample.Typical}, sample.References...),
		func(_ string, doc []byte) { expand(doc) }},
	{"resolve", projectShapes(), func(shape string, doc []byte) { resolve(shape, doc, false) }},
	{"resolve as a library", projectShapes(), func(shape string, doc []byte) { resolve(shape, doc, true) }},
}

func shapes() []sample.Shape { return append([]sample.Shape{sample.Typical}, sample.Worst...) }

func projectShapes() (list []sample.Shape) {
	for _, p := range sample.Projects {
		list = append(list, sample.Shape{Name: p.File + ": " + p.Name, Make: p.Make})
	}
	return list
}

func readAssignments(doc []byte) {
	for e := range devvars.Parse(doc).Assignments() {
		_ = e.Pos()
	}
}

// edit sets a new key and an existing key to a value that needs quotes, and deletes a key.
func edit(doc []byte) {
	f := devvars.Parse(doc)
	_ = f.Set("NEW", `it's "new" \ #1`)
	_ = f.Set("A", `it's "new" \ #1`)
	f.Delete("B")
}

// expand ignores errors: documents that cannot be expanded must take linear time too.
func expand(doc []byte) {
	_, _ = devvars.Expand(devvars.Parse(doc).All(), devvars.ExpandOptions{})
}

// resolve resolves the project whose largest file is doc. It does so as wrangler's library if
// programmatic is true, else as its command line. It ignores errors: invalid projects must take
// linear time too.
func resolve(shape string, doc []byte, programmatic bool) {
	i := slices.IndexFunc(sample.Projects, func(p sample.Project) bool { return p.File+": "+p.Name == shape })
	fsys := fstest.MapFS{sample.Projects[i].File: {Data: doc}}
	config, err := wrangler.Load(wrangler.Options{FS: fsys, Programmatic: programmatic})
	if err == nil {
		_, _ = config.Dev(wrangler.DevOptions{})
	}
}

// TestTimeGrowsAsSize checks that a document of 8 times the size takes about 8 times the time, not 64
// times. Other processes must not matter: it measures processor time, without the garbage collector,
// and compares the fastest of the runs that it makes in 5 seconds of processor time.
func TestTimeGrowsAsSize(t *testing.T) {
	if raceEnabled {
		t.Skip("times are not meaningful under the race detector")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for _, g := range growths {
		for _, s := range g.shapes {
			t.Run(g.name+"/"+s.Name, func(t *testing.T) {
				small, large := s.Make(16<<10), s.Make(128<<10)
				ofSmall, ofLarge := time.Hour, time.Hour
				for start := processorTime(); processorTime()-start < 5*time.Second; {
					ofSmall = min(ofSmall, timeOf(g, s, small))
					ofLarge = min(ofLarge, timeOf(g, s, large))
					if ofLarge < 4*8*ofSmall+time.Millisecond {
						return
					}
				}
				t.Errorf("%d bytes take %v, %d bytes %v", len(small), ofSmall, len(large), ofLarge)
			})
		}
	}
}

// find iterates over the findings and does not keep them, since that takes memory and more time.
func find(f *devvars.File) {
	for range f.Findings() {
	}
}

// loseReferences ignores errors: documents that cannot be expanded must take linear time too.
func loseReferences(f *devvars.File) {
	e, _ := devvars.Expand(f.All(), devvars.ExpandOptions{})
	for range f.LostReferences(e) {
	}
}

func findFragments(f *devvars.File) {
	for a := range f.Assignments() {
		_, _ = f.IsFragment(a.Key()), a.Ignores("some-rule")
	}
}

func compare(f *devvars.File) {
	for range compat.Findings(f) {
	}
}

// raceEnabled is true under the race detector.
var raceEnabled bool

func timeOf(g growth, s sample.Shape, doc []byte) time.Duration {
	runtime.GC()
	start := processorTime()
	g.run(s.Name, doc)
	return processorTime() - start
}
