package version

import (
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// Apply returns the Snapshot with the changes of records, which come right after s in its log. If
// one of them can't be used, it returns the Snapshot of those before it and an [*Error] with the
// place of the record, around ErrCorrupt, ErrMisplaced or ErrUnknown.
func (s Snapshot) Apply(records ...Record) (Snapshot, error) { return s.apply(s.Revision(), records) }

func (s Snapshot) apply(after int, records []Record) (Snapshot, error) {
	if len(records) == 0 {
		return s, nil
	}
	next := s.data().successor()
	if after > next.revision {
		resumed, err := next.resume(after, records[0])
		if err != nil {
			return s, &Error{Worker: next.worker, Record: after + 1, Err: err}
		}
		next, records = resumed, records[1:]
	}
	for _, r := range records {
		changes, err := decode(r, next, false)
		if err != nil {
			return Snapshot{next}, &Error{Worker: next.worker, Record: next.revision + 1, Err: err}
		}
		next.add(changes, r)
	}
	return Snapshot{next}, nil
}

// decoder adds the changes of a record to a Tx, so that each change sees those before it.
type decoder struct {
	tx           *Tx
	inCheckpoint bool // versions have numbers, and refer to the version before them
}

// decode returns the changes of a record that comes right after s in its log. If the log begins with
// it, because earlier records have been removed, s has only the place and the chain.
func decode(r Record, s *state, begins bool) ([]change, error) {
	message, err := s.chain.open(r)
	if err != nil {
		return nil, err
	}
	var id string
	var messages []string
	if err := scan(message, &id, &messages); err != nil {
		return nil, err
	}
	if c, err := decodeCheckpoint(messages, s); c != nil || err != nil {
		return []change{c}, err
	}
	if begins {
		return nil, ErrMisplaced
	}
	d := decoder{tx: &Tx{base: s, now: earliest(s)}}
	for _, message := range messages {
		if err := d.change(message); err != nil {
			return nil, err
		}
	}
	return d.tx.changes, nil
}

// change reads a message Change.
func (d decoder) change(message string) error {
	var versions, deployments, settings, closings []string
	if err := scan(message, &versions, &deployments, &settings, &closings); err != nil {
		return err
	}
	switch {
	case len(versions) > 0:
		return d.version(versions[0])
	case len(deployments) > 0:
		return d.deployment(deployments[0])
	case len(settings) > 0:
		return d.setting(settings[0])
	case len(closings) > 0:
		d.tx.add(closing{})
		return nil
	}
	return ErrUnknown
}

// setting reads a message Setting.
func (d decoder) setting(message string) error {
	var c setting
	err := scan(message, &c.name, &c.text)
	d.tx.add(c)
	return err
}

// version reads a message Version.
func (d decoder) version(message string) error {
	var s stamped
	var base, number uint64
	var unset, set, codes []string
	if err := scan(message, append(s.fields(), &base, &unset, &set, &codes, &number)...); err != nil {
		return err
	}
	latest, _ := d.tx.Latest()
	v := &version{number: latest.Number() + 1, base: int(base)}
	from, ok := d.tx.numbered(v.base)
	if d.inCheckpoint {
		v.number, from, ok = int(number), latest.v, true
	}
	if !ok && base != 0 || from == nil && len(codes) == 0 ||
		v.number <= latest.Number() || v.base < 0 || v.base >= v.number {
		return ErrCorrupt
	}
	var err error
	if v.stamp, err = d.stamp(s, latest.data().provenance); err != nil {
		return err
	}
	if v.bindings, err = edited(Version{from}.Bindings(), unset, set); err != nil {
		return err
	}
	if len(codes) > 0 {
		v.code, err = decodeCode(codes[0])
	} else {
		v.code = from.code
	}
	d.tx.take(v)
	return err
}

// edited returns base without the bindings named by unset and with those of the messages set. It
// fails if one is invalid, or if a name occurs twice in unset and set.
func edited(base binding.Set, unset, set []string) (binding.Set, error) {
	added := make([]binding.Binding, len(set))
	names := slices.Clone(unset)
	for i, message := range set {
		b, err := decodeBinding(message)
		if err != nil {
			return binding.Set{}, err
		}
		added[i], names = b, append(names, b.Name())
	}
	slices.Sort(names)
	if len(slices.Compact(names)) < len(unset)+len(set) {
		return binding.Set{}, ErrCorrupt
	}
	edited, err := base.Without(unset...).With(added...)
	if err != nil {
		return binding.Set{}, ErrCorrupt
	}
	return edited, nil
}

// decodeBinding reads a message Binding.
func decodeBinding(message string) (binding.Binding, error) {
	var name, kind, text string
	err := scan(message, &name, &kind, &text)
	switch binding.Kind(kind) {
	case binding.PlainText:
		return binding.Var(name, text), err
	case binding.JSON:
		return binding.JSONVar(name, text), err
	case binding.SecretText:
		return binding.Secret(name, text), err
	}
	return binding.Resource(binding.Kind(kind), name, text), err
}

// decodeCode reads a message Code.
func decodeCode(message string) (*Code, error) {
	var c Code
	var modules []string
	err := scan(message, &c.MainModule, &c.BodyPart, &modules, &c.CompatibilityDate, &c.CompatibilityFlags, &c.Metadata)
	for _, message := range modules {
		var m Module
		var size uint64
		if err := scan(message, &m.Name, &m.Type, &m.Digest, &size); err != nil {
			return nil, err
		}
		m.Size = int64(size)
		c.Modules = append(c.Modules, m)
	}
	return &c, err
}

// deployment reads a message Deployment.
func (d decoder) deployment(message string) error {
	var s stamped
	var messages []string
	if err := scan(message, append(s.fields(), &messages)...); err != nil {
		return err
	}
	parts := make([]part, 0, 2)
	for _, message := range messages {
		p, err := d.part(message)
		if err != nil {
			return err
		}
		parts = append(parts, p)
	}
	if !valid(parts) {
		return ErrCorrupt
	}
	current, _ := d.tx.Current()
	stamp, err := d.stamp(s, current.data().provenance)
	if err != nil {
		return err
	}
	d.tx.take(newDeployment(stamp, parts))
	return nil
}

func (d decoder) part(message string) (part, error) {
	var number, share, rest uint64
	err := scan(message, &number, &share, &rest)
	v, ok := d.tx.numbered(int(number))
	if err != nil || !ok || share > uint64(All/hundredth) || rest >= uint64(hundredth) {
		return part{}, ErrCorrupt
	}
	return part{v, Share(share)*hundredth + Share(rest)}, nil
}

// stamped are the fields that the messages Version and Deployment have in common.
type stamped struct {
	id          string
	created     uint64
	from        provenance
	annotations []string
}

func (s *stamped) fields() []any {
	return []any{&s.id, &s.created, &s.from.source, &s.from.author.ID, &s.from.author.Email, &s.annotations}
}

// The years 1 to 9999, in microseconds since 1970. Text formats of times have no room for others.
const firstTime, lastTime = -62135596800_000_000, 253402300799_999_999

// stamp returns the stamp that s is, if it can be the next one of the history. Last is the
// provenance of the one before it.
func (d decoder) stamp(s stamped, last *provenance) (stamp, error) {
	created := int64(s.created)
	if s.id == "" || d.tx.uses(s.id) || created < max(d.tx.now, firstTime) || created > lastTime {
		return stamp{}, ErrCorrupt
	}
	for i, message := range s.annotations {
		var a annotation
		err := scan(message, &a.key, &a.text)
		if err != nil || i > 0 && s.from.annotations[i-1].key >= a.key {
			return stamp{}, ErrCorrupt
		}
		s.from.annotations = append(s.from.annotations, a)
	}
	if !s.from.equal(last) {
		from := s.from
		last = &from
	}
	return stamp{s.id, created, last}, nil
}
