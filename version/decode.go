package version

import (
	"strings"

	"github.com/workerenv/workerenv/binding"
)

// Apply returns the Snapshot with the changes of records, which come right after s in its log. If one of them can't be
// used, it returns the Snapshot of those before it and an [*Error] with the place of the record, around ErrCorrupt or
// ErrUnknown.
func (s Snapshot) Apply(records ...Record) (Snapshot, error) { return s.apply(s.Revision(), records) }

func (s Snapshot) apply(after int, records []Record) (Snapshot, error) {
	records = records[min(max(s.Revision()-after, 0), len(records)):]
	if len(records) == 0 {
		return s, nil
	}
	next := s.data().successor()
	for _, r := range records {
		changes, err := decode(r, next)
		if err != nil {
			return Snapshot{next}, &Error{Worker: next.worker, Record: next.revision + 1, Err: err}
		}
		for _, c := range changes {
			c.apply(next)
		}
		next.revision++
	}
	return Snapshot{next}, nil
}

// decoder reads the changes of a record into a Tx, so that each change sees those before it.
type decoder struct{ tx *Tx }

// decode returns the changes of a record that comes right after s in its log.
func decode(r Record, s *state) ([]change, error) {
	message, err := open(r)
	if err != nil {
		return nil, err
	}
	d := decoder{&Tx{base: s, now: earliest(s)}}
	err = fields(message, func(f field) error {
		if f.tag == tagBytes(recordChange) {
			return d.change(f.text)
		}
		return nil
	})
	return d.tx.changes, err
}

// change reads a message Change.
func (d decoder) change(message string) error {
	before := len(d.tx.changes)
	err := fields(message, func(f field) error {
		switch f.tag {
		case tagBytes(changeVersion):
			return d.version(f.text)
		case tagBytes(changeDeployment):
			return d.deployment(f.text)
		case tagBytes(changeSetting):
			return d.setting(f.text)
		case tagBytes(changeClosing):
			d.tx.changes = append(d.tx.changes, closing{})
		}
		return nil
	})
	if err == nil && len(d.tx.changes) == before {
		err = ErrUnknown
	}
	return err
}

// stamped is a stamp that is being read.
type stamped struct {
	stamp stamp
	from  provenance
}

// take reads a field that versions and deployments have in common.
func (s *stamped) take(f field) error {
	switch f.tag {
	case tagBytes(stampID):
		s.stamp.id = strings.Clone(f.text)
	case tagNumber(stampCreated):
		s.stamp.created = int64(f.number)
	case tagBytes(stampSource):
		s.from.source = f.text
	case tagBytes(stampAuthorID):
		s.from.author.ID = f.text
	case tagBytes(stampAuthorEmail):
		s.from.author.Email = f.text
	case tagBytes(stampAnnotation):
		return s.annotation(f.text)
	}
	return nil
}

func (s *stamped) annotation(message string) error {
	var a annotation
	err := fields(message, func(f field) error {
		switch f.tag {
		case tagBytes(annotationKey):
			a.key = f.text
		case tagBytes(annotationText):
			a.text = f.text
		}
		return nil
	})
	list := s.from.annotations
	if err != nil || len(list) > 0 && list[len(list)-1].key >= a.key {
		return ErrCorrupt
	}
	s.from.annotations = append(list, a)
	return nil
}

// The years 1 to 9999, in microseconds since 1970. Text formats of times have no room for others.
const firstTime, lastTime = -62135596800_000_000, 253402300799_999_999

// finish returns the stamp, if it can be the next one of the history. Last is the provenance of the one before it.
func (d decoder) finish(s stamped, last *provenance) (stamp, error) {
	id, created := s.stamp.id, s.stamp.created
	if id == "" || d.tx.uses(id) || created < max(d.tx.now, firstTime) || created > lastTime {
		return stamp{}, ErrCorrupt
	}
	if !s.from.equal(last) {
		last = s.from.clone()
	}
	s.stamp.provenance = last
	return s.stamp, nil
}

// clone returns a copy of p that does not share the memory of a record.
func (p provenance) clone() *provenance {
	annotations := make([]annotation, len(p.annotations))
	for i, a := range p.annotations {
		annotations[i] = annotation{strings.Clone(a.key), strings.Clone(a.text)}
	}
	author := Author{ID: strings.Clone(p.author.ID), Email: strings.Clone(p.author.Email)}
	return &provenance{strings.Clone(p.source), author, annotations}
}

// version reads a message Version.
func (d decoder) version(message string) error {
	var s stamped
	var number uint64
	var code *Code
	var set []binding.Binding
	var unset []string
	err := fields(message, func(f field) (err error) {
		switch f.tag {
		case tagNumber(versionBase):
			number = f.number
		case tagBytes(versionUnset):
			unset = append(unset, f.text)
		case tagBytes(versionSet):
			var b binding.Binding
			b, err = decodeBinding(f.text)
			set = append(set, b)
		case tagBytes(versionCode):
			code, err = decodeCode(f.text)
		default:
			err = s.take(f)
		}
		return err
	})
	if err != nil {
		return err
	}
	base, ok := d.tx.numbered(number)
	if !ok && number != 0 {
		return ErrCorrupt
	}
	bindings, err := edited(Version{base}.Bindings(), unset, set)
	if err != nil {
		return err
	}
	if code == nil && base != nil {
		code = base.code
	}
	latest, _ := d.tx.Latest()
	v := &version{number: latest.Number() + 1, base: base, code: code, bindings: bindings}
	if v.stamp, err = d.finish(s, latest.data().provenance); err != nil || code == nil {
		return ErrCorrupt
	}
	d.tx.takeVersion(v)
	return nil
}

// edited returns base without the bindings named by unset and with those of set. It fails if a binding is invalid, or if
// a name occurs twice in set and unset.
func edited(base binding.Set, unset []string, set []binding.Binding) (binding.Set, error) {
	added, err := binding.NewSet(set...)
	if err != nil {
		return binding.Set{}, ErrCorrupt
	}
	names := make(map[string]bool, len(unset))
	for _, name := range unset {
		if _, both := added.Lookup(name); both || names[name] {
			return binding.Set{}, ErrCorrupt
		}
		names[name] = true
	}
	if len(unset) > 0 {
		base = base.Without(unset...)
	}
	return base.Merge(added), nil
}

// decodeBinding reads a message Binding. The binding does not share the memory of the record.
func decodeBinding(message string) (binding.Binding, error) {
	var name, kind, text string
	err := fields(message, func(f field) error {
		switch f.tag {
		case tagBytes(bindingName):
			name = strings.Clone(f.text)
		case tagBytes(bindingKind):
			kind = f.text
		case tagBytes(bindingText):
			text = f.text
		}
		return nil
	})
	switch binding.Kind(kind) {
	case binding.PlainText:
		return binding.Var(name, text), err
	case binding.JSON:
		return binding.JSONVar(name, text), err
	case binding.SecretText:
		return binding.Secret(name, text), err
	}
	return binding.Resource(binding.Kind(strings.Clone(kind)), name, text), err
}

// decodeCode reads a message Code.
func decodeCode(message string) (*Code, error) {
	c := new(Code)
	err := fields(message, func(f field) error {
		switch f.tag {
		case tagBytes(codeMain):
			c.MainModule = strings.Clone(f.text)
		case tagBytes(codeBody):
			c.BodyPart = strings.Clone(f.text)
		case tagBytes(codeModule):
			m, err := decodeModule(f.text)
			c.Modules = append(c.Modules, m)
			return err
		case tagBytes(codeDate):
			c.CompatibilityDate = strings.Clone(f.text)
		case tagBytes(codeFlag):
			c.CompatibilityFlags = append(c.CompatibilityFlags, strings.Clone(f.text))
		case tagBytes(codeMetadata):
			c.Metadata = binding.NewValue(f.text)
		}
		return nil
	})
	return c, err
}

func decodeModule(message string) (m Module, err error) {
	err = fields(message, func(f field) error {
		switch f.tag {
		case tagBytes(moduleName):
			m.Name = strings.Clone(f.text)
		case tagBytes(moduleType):
			m.Type = strings.Clone(f.text)
		case tagBytes(moduleDigest):
			m.Digest = strings.Clone(f.text)
		case tagNumber(moduleSize):
			m.Size = int64(f.number)
		}
		return nil
	})
	return m, err
}

// deployment reads a message Deployment.
func (d decoder) deployment(message string) error {
	var s stamped
	var parts []part
	err := fields(message, func(f field) error {
		if f.tag != tagBytes(deploymentPart) {
			return s.take(f)
		}
		p, err := d.part(f.text)
		parts = append(parts, p)
		return err
	})
	current, _ := d.tx.Current()
	if err != nil || !valid(parts) {
		return ErrCorrupt
	}
	next, err := d.finish(s, current.data().provenance)
	if err != nil {
		return err
	}
	d.tx.takeDeployment(newDeployment(next, parts))
	return nil
}

func (d decoder) part(message string) (part, error) {
	var number, share, rest uint64
	err := fields(message, func(f field) error {
		switch f.tag {
		case tagNumber(partVersion):
			number = f.number
		case tagNumber(partShare):
			share = f.number
		case tagNumber(partRest):
			rest = f.number
		}
		return nil
	})
	v, ok := d.tx.numbered(number)
	if err != nil || !ok || share > uint64(All/hundredth) || rest >= uint64(hundredth) {
		return part{}, ErrCorrupt
	}
	return part{v, Share(share)*hundredth + Share(rest)}, nil
}

// setting reads a message Setting.
func (d decoder) setting(message string) error {
	var c setting
	err := fields(message, func(f field) error {
		switch f.tag {
		case tagBytes(settingName):
			c.name = strings.Clone(f.text)
		case tagBytes(settingSet):
			c.text = binding.NewValue(f.text)
		}
		return nil
	})
	d.tx.changes = append(d.tx.changes, c)
	return err
}
