package version_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// operation is one change, as data that the model and the package both understand.
type operation struct {
	verb                  string
	base                  int // number of a version, 0 for none named
	code                  string
	set                   map[string]modelBinding
	unset, keep, required []string
	splits                []modelSplit
	deploy, skip, force   bool
}

type modelSplit struct{ number, share int }

// TestModel makes random changes and compares with the model after each; -rapid.checks says how many sequences.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := new(model)
		r := newRun()
		for range 50 {
			o := drawOperation(t, m)
			expected := o.model(m)
			require.Equal(t, expected, cause(r.do(t, o)), "%+v", o)
			r.compareNewest(t, m)
		}
		require.Equal(t, m.latest(), r.s.VersionCount())
		require.Equal(t, len(m.deployments), r.s.DeploymentCount())
		r.compareAll(t, m)
	})
}

// TestModelCompacted is TestModel with checkpoints in between. Changes of versions that were dropped are left out. All
// else is as without checkpoints.
func TestModelCompacted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := new(model)
		r := newRun()
		versions, deployments := rapid.IntRange(1, 5).Draw(t, "versions"), rapid.IntRange(1, 5).Draw(t, "deployments")
		for range 50 {
			if rapid.IntRange(0, 7).Draw(t, "compact") == 0 {
				r.compact(t, versions, deployments)
				r.compareAll(t, m)
			}
			o := drawOperation(t, m)
			if r.misses(o, m.latest()) {
				continue
			}
			expected := o.model(m)
			require.Equal(t, expected, cause(r.do(t, o)), "%+v", o)
			r.compareNewest(t, m)
		}
		r.compareAll(t, m)
	})
}

// compact drops all but the newest versions and deployments, and adds a replica that begins there.
func (r *run) compact(t *rapid.T, versions, deployments int) {
	before := r.s
	tx := version.Compacted(r.s, versions, deployments, version.Options{})
	require.LessOrEqual(t, tx.Snapshot().VersionCount(), versions+2*(deployments+1))
	require.LessOrEqual(t, tx.Snapshot().DeploymentCount(), deployments+1)
	for number := max(1, latestNumber(before)-versions+1); number <= latestNumber(before); number++ {
		_, ok := tx.Snapshot().Numbered(number)
		require.True(t, ok)
	}
	r.take(t, tx)
	resumed, err := version.Resume("api", before.Revision(), tx.Record())
	require.NoError(t, err)
	r.replicas = append(r.replicas, resumed)
}

// latestNumber returns the highest number of a version.
func latestNumber(s version.Snapshot) int {
	latest, _ := s.Latest()
	return latest.Number()
}

// misses reports whether o is about a version that was dropped.
func (r *run) misses(o operation, latest int) bool {
	numbers := []int{o.base}
	for _, s := range o.splits {
		numbers = append(numbers, s.number)
	}
	return slices.ContainsFunc(numbers, func(number int) bool {
		_, ok := r.s.Numbered(number)
		return number >= 1 && number <= latest && !ok
	})
}

func drawOperation(t *rapid.T, m *model) operation {
	name := rapid.SampledFrom([]string{"A", "B", "C"})
	o := operation{
		verb:   rapid.SampledFrom([]string{"upload", "edit", "secrets", "secrets", "delete", "deploy", "rollback", "rollback code"}).Draw(t, "verb"),
		code:   rapid.SampledFrom([]string{"one.js", "two.js"}).Draw(t, "code"),
		unset:  rapid.SliceOfNDistinct(name, 1, 2, rapid.ID).Draw(t, "unset"),
		keep:   rapid.SampledFrom([][]string{nil, {"secret_text"}, {"secret_text", "plain_text", "json"}}).Draw(t, "keep"),
		deploy: rapid.Bool().Draw(t, "deploy"), skip: rapid.Bool().Draw(t, "skip"), force: rapid.Bool().Draw(t, "force"),
	}
	o.base = rapid.IntRange(-3*m.latest(), m.latest()+1).Draw(t, "base")
	o.base = max(o.base, 0)
	if rapid.IntRange(0, 9).Draw(t, "requires") == 0 {
		o.required = []string{name.Draw(t, "required")}
	}
	kinds := []string{"plain_text", "json", "secret_text", "inherit", "kv_namespace"}
	if o.verb == "secrets" {
		kinds = []string{"secret_text"}
	}
	if o.verb == "edit" && rapid.Bool().Draw(t, "no unset") {
		o.unset = nil
	}
	o.set = rapid.MapOfN(name, drawBinding(kinds), 0, 3).Draw(t, "set")
	o.splits = rapid.SliceOfN(drawSplit(m), 1, 2).Draw(t, "splits")
	if len(o.splits) == 2 && rapid.IntRange(0, 9).Draw(t, "sum") > 0 {
		o.splits[1].share = 100_000 - o.splits[0].share
	}
	return o
}

func drawBinding(kinds []string) *rapid.Generator[modelBinding] {
	return rapid.Custom(func(t *rapid.T) modelBinding {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		text := rapid.SampledFrom([]string{"1", "2"}).Draw(t, "text")
		if kind == "kv_namespace" {
			text = `{"id":"` + text + `"}`
		}
		return modelBinding{kind, text}
	})
}

func drawSplit(m *model) *rapid.Generator[modelSplit] {
	return rapid.Custom(func(t *rapid.T) modelSplit {
		return modelSplit{
			rapid.IntRange(max(0, m.latest()-6), m.latest()+1).Draw(t, "number"),
			rapid.SampledFrom([]int{100_000, 100_000, 90_000, 10, 33_333, 9, 0}).Draw(t, "share"),
		}
	})
}

func (o operation) model(m *model) string {
	switch o.verb {
	case "upload":
		return m.upload(o)
	case "edit":
		return m.edit(o)
	case "secrets":
		return m.secrets(o)
	case "delete":
		return m.remove(o)
	case "deploy":
		return m.deploy(o)
	case "rollback":
		return m.rollback(o)
	}
	return m.rollbackCode(o)
}

// run is a history by the package: s as it grows, and replicas made from the records, from the first one or from a
// checkpoint. All are to be equal.
type run struct {
	s        version.Snapshot
	replicas []version.Snapshot
	ids      int
}

func newRun() *run {
	return &run{s: version.NewSnapshot("api"), replicas: []version.Snapshot{version.NewSnapshot("api")}}
}

func (r *run) do(t *rapid.T, o operation) error {
	tx := r.s.Begin(version.Options{NewID: func() string { r.ids++; return fmt.Sprint("id-", r.ids) }})
	err := r.change(tx, o)
	if err != nil {
		require.True(t, tx.Record().IsZero(), "a change that failed left something behind")
		return err
	}
	r.take(t, tx)
	return nil
}

// take makes the changes of tx.
func (r *run) take(t *rapid.T, tx *version.Tx) {
	r.s, r.replicas = tx.Snapshot(), slices.Clone(r.replicas)
	for i, s := range r.replicas {
		next, err := s.Apply(tx.Record())
		require.NoError(t, err)
		r.replicas[i] = next
	}
}

func (r *run) change(tx *version.Tx, o operation) (err error) {
	require := o.required
	switch o.verb {
	case "upload":
		u := version.Upload{Code: version.Code{MainModule: o.code}, Bindings: o.bindings(), Require: require, SkipUnchanged: o.skip}
		for _, kind := range o.keep {
			u.Keep = append(u.Keep, binding.Kind(kind))
		}
		_, err = pick(o.deploy, tx.UploadAndDeploy, tx.Upload)(u)
	case "edit":
		e := version.Edit{Base: r.id(o.base), Set: o.list(), Unset: o.unset, Require: require, SkipUnchanged: o.skip}
		_, err = pick(o.deploy, tx.EditAndDeploy, tx.Edit)(e)
	case "secrets":
		_, err = pick(o.deploy, tx.SecretBulk, tx.VersionsSecretBulk)(o.texts(), o.unset, version.Meta{})
	case "delete":
		_, err = tx.SecretDelete(o.unset[0], version.Meta{})
	case "deploy":
		d := version.Deploy{Force: o.force, Require: require}
		for _, s := range o.splits {
			d.Splits = append(d.Splits, version.Split{Version: r.id(s.number), Share: version.Share(s.share)})
		}
		_, err = tx.Deploy(d)
	case "rollback":
		_, err = tx.Rollback(version.Rollback{Force: o.force, Require: require})
	default:
		_, err = tx.RollbackCode(version.Rollback{Require: require})
	}
	return err
}

func pick[F any](first bool, a, b F) F {
	if first {
		return a
	}
	return b
}

// id returns the ID of a version, one that does not exist for a number that does not, "" for 0.
func (r *run) id(number int) string {
	if v, ok := r.s.Numbered(number); ok || number == 0 {
		return v.ID()
	}
	return "nothing has this id"
}

func (o operation) list() (list []binding.Binding) {
	for name, b := range o.set {
		switch b.kind {
		case "plain_text":
			list = append(list, binding.Var(name, b.text))
		case "json":
			list = append(list, binding.JSONVar(name, b.text))
		case "secret_text":
			list = append(list, binding.Secret(name, b.text))
		case "inherit":
			list = append(list, binding.Inherited(name))
		default:
			list = append(list, binding.Resource(binding.Kind(b.kind), name, b.text))
		}
	}
	return list
}

func (o operation) bindings() binding.Set { return vars(o.list()...) }

func (o operation) texts() map[string]string {
	texts := make(map[string]string)
	for name, b := range o.set {
		texts[name] = b.text
	}
	return texts
}

func (r *run) compareNewest(t *rapid.T, m *model) {
	require.Equal(t, m.latestDeployed(), r.s.LatestIsDeployed() && m.latest() > 0)
	if v, ok := r.s.Latest(); ok {
		require.Equal(t, m.versions[m.latest()-1], modelOf(v))
	}
	if d, ok := r.s.Current(); ok {
		require.Equal(t, m.current(), sharesOf(d))
	}
	target, _ := r.s.RollbackTarget()
	require.Equal(t, m.target(), target.Number())
}

// compareAll finds whether anything has changed since it was made.
func (r *run) compareAll(t *rapid.T, m *model) {
	for _, replica := range r.replicas {
		require.True(t, r.s.Equal(replica), "the records tell another history")
	}
	var last time.Time
	number := m.latest() + 1
	for v := range r.s.Versions() {
		require.Less(t, v.Number(), number)
		number = v.Number()
		require.Equal(t, m.versions[number-1], modelOf(v))
		require.True(t, last.IsZero() || v.Created().Before(last))
		found, _ := r.s.Version(v.ID())
		require.Equal(t, number, found.Number())
		last = v.Created()
	}
	kept := slices.Collect(r.s.Deployments())
	for i, d := range kept {
		place := len(m.deployments) - 1 - i
		for i == len(kept)-1 && place > 0 && !maps.Equal(m.deployments[place], sharesOf(d)) {
			place-- // it is an older one, the target of a rollback
		}
		require.Equal(t, m.deployments[place], sharesOf(d))
	}
}

func modelOf(v version.Version) modelVersion {
	m := modelVersion{v.Base(), v.Code().MainModule, map[string]modelBinding{}}
	for b := range v.Bindings().All() {
		text, ok := b.Value()
		if !ok {
			text, _ = b.Attributes()
		}
		m.bindings[b.Name()] = modelBinding{string(b.Kind()), text.Reveal()}
	}
	return m
}

func sharesOf(d version.Deployment) map[int]int {
	shares := map[int]int{}
	for v, share := range d.All() {
		shares[v.Number()] = int(share)
	}
	return shares
}

// TestForks makes changes upon any of the Snapshots that there are, and finds that none of the others has changed.
func TestForks(t *testing.T) {
	type branch struct {
		r *run
		m *model
	}
	rapid.Check(t, func(t *rapid.T) {
		ids := 0
		branches := []branch{{newRun(), new(model)}}
		for range 30 {
			from := branches[rapid.IntRange(0, len(branches)-1).Draw(t, "branch")]
			next := branch{&run{s: from.r.s, replicas: from.r.replicas, ids: ids}, &model{slices.Clone(from.m.versions), slices.Clone(from.m.deployments)}}
			o := drawOperation(t, next.m)
			require.Equal(t, o.model(next.m), cause(next.r.do(t, o)))
			ids = next.r.ids
			branches = append(branches, next)
		}
		for _, b := range branches {
			b.r.compareAll(t, b.m)
		}
	})
}

func TestAccessorsHandOutCopies(t *testing.T) {
	tx := begin(binding.Limits{})
	a, b := upload(t, tx, binding.Secret("A", "1")), upload(t, tx)
	d := deploy(t, tx, version.Split{Version: a.ID(), Share: version.Percent(50)}, version.Split{Version: b.ID(), Share: version.Percent(50)})
	require.NoError(t, tx.PutSetting("tags", binding.NewValue("[]")))
	s := tx.Snapshot()
	d.Splits()[0] = version.Split{}
	a.Secrets()[0] = version.Secret{}
	s.Settings()[0] = ""
	s.Begin(version.Options{NewID: func() string { return "other" }}).Upload(version.Upload{})
	require.Equal(t, []version.Split{{a.ID(), version.Percent(50)}, {b.ID(), version.Percent(50)}}, d.Splits())
	require.Equal(t, []version.Secret{{"A", binding.SecretText}}, a.Secrets())
	require.Equal(t, []string{"tags"}, s.Settings())
	require.Equal(t, 2, s.VersionCount())
	replayed, err := version.NewSnapshot("api").Apply(tx.Record())
	require.NoError(t, err)
	require.True(t, replayed.Equal(s))
}
