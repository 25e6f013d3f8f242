package version

import (
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// decoder reads records, one after the other, upon a state that grows with them. Each is read into a Tx, by which its
// changes see one another.
type decoder struct {
	tx      Tx
	texts   texts
	scratch []byte
	origin  origin   // of the stamp that is being read
	names   []string // of the bindings of the version that is being read

	left        int // how many records there are from this one on
	versions    slab[version]
	deployments slab[deployment]
}

// slab hands out what is allocated in pieces of many.
type slab[T any] struct{ free []T }

// next returns one of many, if left is how many are to be expected.
func (s *slab[T]) next(left int) *T {
	if len(s.free) == 0 {
		s.free = make([]T, max(1, min(left, 64)))
	}
	next := &s.free[0]
	s.free = s.free[1:]
	return next
}

// apply adds what a record says to s, or leaves s as it is and fails.
func (d *decoder) apply(r Record, s *state) error {
	d.tx.base, d.tx.now, d.tx.changes = s, earliest(s), d.tx.changes[:0]
	d.tx.versions.cut(0)
	d.tx.deployments.cut(0)
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

// stamp takes what f says of a stamp, and gathers its origin.
func (d *decoder) stamp(s *stamp, f field) error {
	switch f.tag {
	case tagBytes(stampID):
		s.id = f.s
	case tagNumber(stampCreated):
		s.created = int64(f.n)
	case tagBytes(stampSource):
		d.origin.source = f.s
	case tagBytes(stampAuthorID):
		d.origin.author.ID = f.s
	case tagBytes(stampAuthorEmail):
		d.origin.author.Email = f.s
	case tagBytes(stampNote):
		return d.note(f.s)
	}
	return nil
}

func (d *decoder) note(message string) error {
	var n note
	in := reader{rest: message}
	for f := range in.fields() {
		switch f.tag {
		case tagBytes(noteKey):
			n.key = f.s
		case tagBytes(noteText):
			n.text = f.s
		}
	}
	notes := d.origin.notes
	if last := len(notes) - 1; in.bad || last >= 0 && notes[last].key >= n.key {
		return ErrCorrupt
	}
	d.origin.notes = append(notes, n)
	return nil
}

// takeOrigin returns the origin that has been gathered, or last if they are equal, and makes ready for the next one.
func (d *decoder) takeOrigin(last *origin) *origin {
	if !d.origin.equal(last) {
		last = d.texts.origin(d.origin)
	}
	d.origin = origin{notes: d.origin.notes[:0]}
	return last
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

func (d *decoder) version(message string) error {
	v, base := d.versions.next(d.left), uint64(0)
	d.names = d.names[:0]
	in := reader{rest: message}
	for f := range in.fields() {
		var err error
		switch f.tag {
		case tagNumber(versionBase):
			base = f.n
		case tagBytes(versionUnset), tagBytes(versionSet):
			err = d.entry(f)
		case tagBytes(versionCode):
			v.code, err = d.code(f.s)
		default:
			err = d.stamp(&v.stamp, f)
		}
		if err != nil {
			return err
		}
	}
	if in.bad || !areDistinct(d.names) || d.check(&v.stamp) != nil || d.derive(v, base, message) != nil {
		return ErrCorrupt
	}
	d.addVersion(v)
	return nil
}

// derive gives v what message makes of its base.
func (d *decoder) derive(v *version, number uint64, message string) error {
	base, ok := d.numbered(number)
	if !ok && number != 0 {
		return ErrCorrupt
	}
	var changes delta
	if len(d.names) > 0 {
		changes = deltaOf(message)
	}
	v.derive(base, changes)
	if v.code == nil {
		return ErrCorrupt
	}
	return nil
}

func (d *decoder) addVersion(v *version) {
	latest, _ := d.tx.Latest()
	v.number, v.origin = latest.Number()+1, d.takeOrigin(latest.data().origin)
	d.tx.versions.add(v)
	d.tx.changes = append(d.tx.changes, v)
}

// entry checks what f, which sets or unsets a binding, says.
func (d *decoder) entry(f field) error {
	e, ok := entryOf(f)
	if !ok || !e.isValid() {
		return ErrCorrupt
	}
	d.names = append(d.names, e.name)
	return nil
}

// areDistinct reports whether no two of names are equal. It may sort them.
func areDistinct(names []string) bool {
	if !slices.IsSorted(names) {
		slices.Sort(names)
	}
	for i := range names[min(1, len(names)):] {
		if names[i] == names[i+1] {
			return false
		}
	}
	return true
}

// numbered returns the version of a number.
func (d *decoder) numbered(n uint64) (*version, bool) {
	old, added := d.tx.base.versions.items, d.tx.versions.items
	switch {
	case n == 0 || n > uint64(len(old)+len(added)):
		return nil, false
	case n <= uint64(len(old)):
		return old[n-1], true
	}
	return added[n-1-uint64(len(old))], true
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
	next := d.deployments.next(d.left)
	parts := make([]part, 0, 2)
	in := reader{rest: message}
	for f := range in.fields() {
		var err error
		if f.tag == tagBytes(deploymentPart) {
			parts, err = d.part(parts, f.s)
		} else {
			err = d.stamp(&next.stamp, f)
		}
		if err != nil {
			return err
		}
	}
	if in.bad || !valid(parts) || d.check(&next.stamp) != nil {
		return ErrCorrupt
	}
	current, _ := d.tx.Current()
	next.origin = d.takeOrigin(current.data().origin)
	next.divide(parts)
	d.tx.deployments.add(next)
	d.tx.changes = append(d.tx.changes, next)
	return nil
}

// part adds the part that a message is to parts.
func (d *decoder) part(parts []part, message string) ([]part, error) {
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
		return nil, ErrCorrupt
	}
	return append(parts, part{v, Share(share)*hundredth + Share(rest)}), nil
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
