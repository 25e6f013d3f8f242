package version

import (
	"strings"

	"github.com/workerenv/workerenv/binding"
)

// decoder reads records, one after the other, upon a state that grows with them. Each is read into a Tx, by which its
// changes see one another.
type decoder struct {
	tx      Tx
	texts   texts
	scratch []byte
}

// apply adds what a record says to s, or leaves s as it is and fails.
func (d *decoder) apply(r Record, s *state) error {
	d.tx = Tx{
		base: s, now: earliest(s),
		changes: d.tx.changes[:0], versions: d.tx.versions[:0], deployments: d.tx.deployments[:0],
	}
	if err := d.read(r); err != nil {
		return err
	}
	for _, c := range d.tx.changes {
		c.apply(s)
	}
	s.revision++
	return nil
}

// read adds the changes of a record to the Tx.
func (d *decoder) read(r Record) error {
	message, err := opened(r, &d.scratch)
	if err != nil {
		return err
	}
	in := reader{rest: message}
	for f := range in.fields() {
		if f.tag != tagBytes(recordChange) {
			continue
		}
		if err := d.change(f.s); err != nil {
			return err
		}
	}
	if in.bad {
		return ErrCorrupt
	}
	return nil
}

// change adds a change to the Tx.
func (d *decoder) change(message string) error {
	in := reader{rest: message}
	for f := range in.fields() {
		switch f.tag {
		case tagBytes(changeVersion):
			return d.version(f.s)
		case tagBytes(changeDeployment):
			return d.deployment(f.s)
		case tagBytes(changeSetting):
			return d.setting(f.s)
		case tagBytes(changeClosing):
			d.tx.changes = append(d.tx.changes, closing{})
			return nil
		}
	}
	if in.bad {
		return ErrCorrupt
	}
	return ErrUnknown
}

// stamp takes what f says of a stamp.
func (d *decoder) stamp(s *stamp, f field) error {
	switch f.tag {
	case tagBytes(stampID):
		s.id = strings.Clone(f.s)
	case tagNumber(stampCreated):
		s.created = int64(f.n)
	case tagBytes(stampSource):
		s.source = d.texts.of(f.s)
	case tagBytes(stampAuthorID):
		s.author.ID = d.texts.of(f.s)
	case tagBytes(stampAuthorEmail):
		s.author.Email = d.texts.of(f.s)
	case tagBytes(stampNote):
		return d.note(s, f.s)
	}
	return nil
}

func (d *decoder) note(s *stamp, message string) error {
	var n note
	in := reader{rest: message}
	for f := range in.fields() {
		switch f.tag {
		case tagBytes(noteKey):
			n.key = d.texts.of(f.s)
		case tagBytes(noteText):
			n.text = d.texts.of(f.s)
		}
	}
	if last := len(s.notes) - 1; in.bad || last >= 0 && s.notes[last].key >= n.key {
		return ErrCorrupt
	}
	s.notes = append(s.notes, n)
	return nil
}

// The years 1 to 9999, in microseconds since 1970: what the formats of time on the wire have room for.
const firstTime, lastTime = -62135596800_000_000, 253402300799_999_999

// check fails unless s can be the next stamp of the history.
func (d *decoder) check(s *stamp) error {
	_, used := d.tx.Version(s.id)
	if used || s.id == "" || d.tx.isDeployment(s.id) || s.created < max(d.tx.now, firstTime) || s.created > lastTime {
		return ErrCorrupt
	}
	d.tx.now = s.created + 1
	return nil
}

// delta is what a record says of a version beside its stamp.
type delta struct {
	base  uint64
	unset []string
	set   []binding.Binding
	code  *Code
}

func (d *decoder) version(message string) error {
	var v version
	var change delta
	in := reader{rest: message}
	for f := range in.fields() {
		if err := d.versionField(&v, &change, f); err != nil {
			return err
		}
	}
	if in.bad || d.check(&v.stamp) != nil || d.derive(&v, change) != nil {
		return ErrCorrupt
	}
	latest, _ := d.tx.Latest()
	v.number = latest.Number() + 1
	d.tx.versions = append(d.tx.versions, &v)
	d.tx.changes = append(d.tx.changes, &v)
	return nil
}

func (d *decoder) versionField(v *version, change *delta, f field) (err error) {
	switch f.tag {
	case tagNumber(versionBase):
		change.base = f.n
	case tagBytes(versionUnset):
		change.unset = append(change.unset, f.s)
	case tagBytes(versionSet):
		var b binding.Binding
		b, err = d.binding(f.s)
		change.set = append(change.set, b)
	case tagBytes(versionCode):
		change.code, err = d.code(f.s)
	default:
		err = d.stamp(&v.stamp, f)
	}
	return err
}

// derive gives v what change makes of its base.
func (d *decoder) derive(v *version, change delta) (err error) {
	if change.base != 0 {
		base, ok := d.numbered(change.base)
		if !ok {
			return ErrCorrupt
		}
		v.base, v.code, v.bindings = base, base.code, without(base.bindings, change.unset)
	}
	if change.code != nil {
		v.code = change.code
	}
	if v.code == nil {
		return ErrCorrupt
	}
	v.bindings, err = v.bindings.With(change.set...)
	return err
}

// numbered returns the version of a number.
func (d *decoder) numbered(n uint64) (*version, bool) {
	old := d.tx.base.versions.items
	switch {
	case n == 0 || n > uint64(len(old)+len(d.tx.versions)):
		return nil, false
	case n <= uint64(len(old)):
		return old[n-1], true
	}
	return d.tx.versions[n-1-uint64(len(old))], true
}

func (d *decoder) binding(message string) (binding.Binding, error) {
	var name, kind, text string
	in := reader{rest: message}
	for f := range in.fields() {
		switch f.tag {
		case tagBytes(bindingName):
			name = d.texts.of(f.s)
		case tagBytes(bindingKind):
			kind = d.texts.of(f.s)
		case tagBytes(bindingText):
			text = f.s
		}
	}
	if in.bad {
		return binding.Binding{}, ErrCorrupt
	}
	return bindingOf(binding.Kind(kind), name, text), nil
}

// bindingOf returns the binding that textOf gave text for. What is none is no binding that a Set takes.
func bindingOf(kind binding.Kind, name, text string) binding.Binding {
	switch kind {
	case binding.PlainText:
		return binding.Var(name, text)
	case binding.JSON:
		return binding.JSONVar(name, text)
	case binding.SecretText:
		return binding.Secret(name, text)
	}
	return binding.Resource(kind, name, text)
}

func (d *decoder) code(message string) (*Code, error) {
	c := new(Code)
	in := reader{rest: message}
	for f := range in.fields() {
		switch f.tag {
		case tagBytes(codeMain):
			c.MainModule = d.texts.of(f.s)
		case tagBytes(codeBody):
			c.BodyPart = d.texts.of(f.s)
		case tagBytes(codeModule):
			m, err := d.module(f.s)
			if err != nil {
				return nil, err
			}
			c.Modules = append(c.Modules, m)
		case tagBytes(codeDate):
			c.CompatibilityDate = d.texts.of(f.s)
		case tagBytes(codeFlag):
			c.CompatibilityFlags = append(c.CompatibilityFlags, d.texts.of(f.s))
		case tagBytes(codeMetadata):
			c.Metadata = binding.NewValue(f.s)
		}
	}
	if in.bad {
		return nil, ErrCorrupt
	}
	return c, nil
}

func (d *decoder) module(message string) (m Module, err error) {
	in := reader{rest: message}
	for f := range in.fields() {
		switch f.tag {
		case tagBytes(moduleName):
			m.Name = d.texts.of(f.s)
		case tagBytes(moduleType):
			m.Type = d.texts.of(f.s)
		case tagBytes(moduleDigest):
			m.Digest = d.texts.of(f.s)
		case tagNumber(moduleSize):
			m.Size = int64(f.n)
		}
	}
	if in.bad {
		return m, ErrCorrupt
	}
	return m, nil
}

func (d *decoder) deployment(message string) error {
	next := new(deployment)
	in := reader{rest: message}
	for f := range in.fields() {
		var err error
		if f.tag == tagBytes(deploymentPart) {
			err = d.part(next, f.s)
		} else {
			err = d.stamp(&next.stamp, f)
		}
		if err != nil {
			return err
		}
	}
	if in.bad || !valid(next.parts) || d.check(&next.stamp) != nil {
		return ErrCorrupt
	}
	next.router = newRouter(next.parts)
	d.tx.deployments = append(d.tx.deployments, next)
	d.tx.changes = append(d.tx.changes, next)
	return nil
}

func (d *decoder) part(next *deployment, message string) error {
	var number, share, rest uint64
	in := reader{rest: message}
	for f := range in.fields() {
		switch f.tag {
		case tagNumber(partVersion):
			number = f.n
		case tagNumber(partShare):
			share = f.n
		case tagNumber(partRest):
			rest = f.n
		}
	}
	v, ok := d.numbered(number)
	if in.bad || !ok || share > uint64(All/hundredth) || rest >= uint64(hundredth) {
		return ErrCorrupt
	}
	next.parts = append(next.parts, part{v, Share(share)*hundredth + Share(rest)})
	return nil
}

func (d *decoder) setting(message string) error {
	var c setting
	in := reader{rest: message}
	for f := range in.fields() {
		switch f.tag {
		case tagBytes(settingName):
			c.name = d.texts.of(f.s)
		case tagBytes(settingSet):
			c.text = binding.NewValue(f.s)
		}
	}
	if in.bad {
		return ErrCorrupt
	}
	d.tx.changes = append(d.tx.changes, c)
	return nil
}
