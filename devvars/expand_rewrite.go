package devvars

import (
	"slices"
	"strings"
)

// What the bounds on work are made of: see [ExpandOptions].
const (
	defaultSize = 1 << 20 // least default bound on a value
	leastSize   = 4 << 10 // what a smaller bound on a value counts for in the work
	stepWork    = 64      // for a reference replaced
	byteWork    = 4       // for a byte put in
)

// rewriter replaces the references of one value after another.
//
// The reference implementation searches the whole text anew after each replacement. That is quadratic, so the text is kept
// in two parts instead: what can hold no reference any more (the head, then left) and what is still to be read (right).
// What is read goes from right to left; what is put in goes to the front of right.
type rewriter struct {
	env   *environment
	self  int     // place of the variable that is expanded
	head  int     // place of a variable whose whole value the text starts with, -1 if there is none
	left  []byte  // what was read, after the head
	right []piece // what is to be read, the next piece last; none of them is empty
	size  int     // length of the whole text

	// opens has the positions in left of each "${" that is no reference only because of what follows: each but the last
	// one because of the next one's brace, the last one because of a brace in right or the end.
	opens []int
	// escapes has the positions in left of each dollar sign after a backslash.
	escapes []int

	maxBytes int   // bound on a value, before its own length is looked at
	limit    int   // bound on the value that is expanded
	work     int64 // work that is left for the value
	total    int64 // work that is left for all of them
}

// newRewriter returns a rewriter for values of at most maxBytes, or the default if that is not positive.
func newRewriter(env *environment, maxBytes int) *rewriter {
	if maxBytes <= 0 {
		maxBytes = max(defaultSize, env.size)
	}
	r := &rewriter{env: env, maxBytes: maxBytes}
	r.total = 16*r.baseWork() + 64*int64(env.size)
	return r
}

// baseWork is what a value may cost, however short it is.
func (r *rewriter) baseWork() int64 {
	return 16*int64(max(leastSize, min(r.maxBytes, defaultSize))) + 8*min(int64(r.maxBytes), 1<<40)
}

// rewrite returns the value of the variable at i, and the part of it that can have a dollar sign.
func (r *rewriter) rewrite(i int) (text, part string, err error) {
	r.start(i)
	share := min(r.total, r.baseWork()+64*int64(r.size))
	r.work = share
	err = r.run()
	if err == nil {
		text, part, err = r.value()
	}
	r.total -= share - max(r.work, 0)
	return text, part, err
}

func (r *rewriter) spend(work int) { r.work -= int64(work) }

// start prepares for the variable at i.
func (r *rewriter) start(i int) {
	text := r.env.vars[i].text
	r.self, r.head, r.size = i, -1, len(text)
	r.limit = max(r.maxBytes, r.size)
	r.left, r.right, r.opens, r.escapes = r.left[:0], r.right[:0], r.opens[:0], r.escapes[:0]
	r.push(text)
}

// value returns the value when all is read, and the part of it that can have a dollar sign.
func (r *rewriter) value() (text, part string, err error) {
	part = unescapeDollars(string(r.left))
	if r.head < 0 {
		return part, part, nil
	}
	text, copied := r.env.extend(r.head, r.self, part)
	if r.spend(byteWork * copied); r.work < 0 {
		return "", "", ErrExpandEndless
	}
	return text, part, nil
}

// run replaces references until there is none left.
func (r *rewriter) run() error {
	for {
		start, ok := r.next()
		if !ok {
			return nil
		}
		ref := newReference(string(r.left[start:]))
		if err := r.replace(ref, start); err != nil {
			return err
		}
		if r.isValueOf(ref.name) {
			r.readAll()
			return nil
		}
	}
}

// replace replaces ref, which was read just now and is at start in left.
func (r *rewriter) replace(ref reference, start int) error {
	r.markSeen()
	text, source, err := r.replacement(ref)
	if err != nil {
		return err
	}
	at := r.firstOccurrence(ref.template, start)
	if source < 0 || r.env.vars[source].dollar != nil {
		text, err = r.fillIn(text, ref.template, at)
	}
	if err != nil {
		return err
	}
	r.size += len(text) - len(ref.template)
	r.spend(stepWork + len(ref.template))
	switch {
	case r.work < 0 || text == ref.template && !r.isValueOf(ref.name):
		return ErrExpandEndless // a text that stays as it is stays so for ever
	case r.size > r.limit:
		return ErrExpandSize
	}
	r.put(text, source, at, len(ref.template), start)
	return nil
}

// fewTexts is how many texts are compared one by one before a look into a table, which needs a copy, is worth it.
const fewTexts = 8

// markSeen marks the value that is equal to the whole text.
func (r *rewriter) markSeen() {
	same := r.env.dollars[r.size]
	switch {
	case same == nil:
	case len(same.list) > fewTexts:
		r.spend(r.size)
		if d := same.byText[string(r.appendRest([]byte(r.headText()), 0))]; d != nil {
			d.seen = int32(r.self + 1)
		}
	default:
		for _, d := range same.list {
			if r.equals(d.text) {
				d.seen = int32(r.self + 1)
			}
		}
	}
}

// isSeen reports whether the whole text was equal to the value of the variable at i before.
func (r *rewriter) isSeen(i int) bool {
	d := r.env.vars[i].dollar
	return d != nil && d.seen == int32(r.self+1)
}

// replacement returns what is to be put in for ref, before patterns in it are filled in, and the place of the variable whose
// value that is, -1 if it is none.
func (r *rewriter) replacement(ref reference) (text string, source int, err error) {
	i, ok := r.env.find(ref.name)
	if !ok {
		text, err = ref.withoutValue()
		return text, -1, err
	}
	value := r.env.value(i)
	switch {
	case value == "" && ref.alternative:
		return "", -1, nil
	case value == "", ref.alternative, r.isSeen(i):
		return ref.text, -1, nil
	}
	return value, i, nil
}

// firstOccurrence returns where template is first in the text: at start, or at an escaped dollar sign before it, since the
// reference implementation replaces the first occurrence and not the one that it found.
func (r *rewriter) firstOccurrence(template string, start int) int {
	for _, at := range r.escapes {
		if at >= start {
			break
		}
		r.spend(1)
		if end := at + len(template); end <= start && string(r.left[at:end]) == template {
			return at
		}
	}
	return start
}

// fillIn returns text with the patterns of JavaScript's String.prototype.replace in it replaced. It is put in the place of
// template, which is at at in left.
func (r *rewriter) fillIn(text, template string, at int) (string, error) {
	if strings.IndexByte(text, '$') < 0 {
		return text, nil
	}
	var b []byte
	for i := strings.IndexByte(text, '$'); i >= 0; i = strings.IndexByte(text, '$') {
		b = append(b, text[:i]...)
		text = text[i+1:]
		pattern := byte(0)
		if text != "" {
			pattern = text[0]
		}
		switch pattern {
		case '$':
			b = append(b, '$')
		case '&':
			b = append(b, template...)
		case '`':
			b = append(append(b, r.headText()...), r.left[:at]...)
		case '\'':
			b = r.appendRest(b, at+len(template))
		default:
			b = append(b, '$')
			continue
		}
		text = text[1:]
		if len(b) > r.limit {
			return "", ErrExpandSize
		}
	}
	return string(append(b, text...)), nil
}

// appendRest appends to b the whole text from start in left on.
func (r *rewriter) appendRest(b []byte, start int) []byte {
	b = append(b, r.left[start:]...)
	for _, p := range slices.Backward(r.right) {
		b = append(b, p.rest()...)
	}
	return b
}

// isValueOf reports whether the whole text is equal to the expanded value of name.
func (r *rewriter) isValueOf(name string) bool {
	i, ok := r.env.index[name]
	return ok && r.env.vars[i].state == expanded && r.equals(r.env.vars[i].text)
}

// equals reports whether the whole text is equal to s.
func (r *rewriter) equals(s string) bool {
	if len(s) != r.size {
		return false
	}
	r.spend(r.size / 16) // comparing is fast
	rest, ok := strings.CutPrefix(s, r.headText())
	n := len(r.left)
	if !ok || rest[:n] != string(r.left) {
		return false
	}
	rest = rest[n:]
	for _, p := range slices.Backward(r.right) {
		if rest, ok = strings.CutPrefix(rest, p.rest()); !ok {
			return false
		}
	}
	return true
}

// put puts text, the value of the variable at source if that is not negative, in the place of the n bytes at at. The
// reference that was read last is at start.
func (r *rewriter) put(text string, source, at, n, start int) {
	if at < start {
		r.rewind(text, at, n)
		return
	}
	r.cut(at)
	if r.canBeHead(source) {
		r.head = source
		return
	}
	r.spend(byteWork * len(text))
	r.push(text)
	if last := at - 1; last >= 0 && r.left[last] == '$' {
		r.cut(last) // with what comes after it now, it may start a reference
		r.push("$")
	}
}

// canBeHead reports whether the text may start with the value of the variable at source without reading it.
func (r *rewriter) canBeHead(source int) bool {
	if source < 0 || r.head >= 0 || len(r.left) > 0 {
		return false
	}
	return r.env.vars[source].dollar == nil && !strings.HasSuffix(r.env.value(source), `\`)
}

func (r *rewriter) headText() string {
	if r.head < 0 {
		return ""
	}
	return r.env.value(r.head)
}

// cut takes away what is in left from start on.
func (r *rewriter) cut(start int) {
	r.left = r.left[:start]
	for n := len(r.opens); n > 0 && r.opens[n-1] >= start; n-- {
		r.opens = r.opens[:n-1]
	}
	for n := len(r.escapes); n > 0 && r.escapes[n-1] >= start; n-- {
		r.escapes = r.escapes[:n-1]
	}
}

// rewind puts text in the place of the n bytes at at, and all that was read back to what is to be read.
func (r *rewriter) rewind(text string, at, n int) {
	head := r.headText()
	r.spend(len(head) + len(r.left) + byteWork*len(text))
	r.push(string(r.left[at+n:]))
	r.push(text)
	r.push(string(r.left[:at]))
	r.push(head)
	r.head = -1
	r.cut(0)
}
