package devvars

import (
	"bytes"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// The work of a rewriter is counted in steps of about a nanosecond. See newRewriter for how much
// there may be.
const (
	defaultMaxBytes = 1 << 20
	minBytesWork    = 4 << 10 // a smaller limit on the length does not reduce the work further
	referenceWork   = 64      // for a reference that is replaced
	byteWork        = 4       // for a byte that is inserted
)

// rewriter replaces the references in values.
//
// dotenv-expand searches the whole text again after each replacement, which takes quadratic time.
// The rewriter keeps the text in a gap buffer instead. The text before the gap has been read and
// contains no reference. Inserted text is put after the gap, where it is read next.
type rewriter struct {
	env      *environment
	maxBytes int
	total    int64 // work left for all values
	work     int64 // work left for the current value
	limit    int   // on the length of the current value

	buf         []byte
	left, right int // the text is buf[:left], which is read, and buf[right:], which is not

	// opens has the positions of each "${" before the gap that can still become a reference: the
	// only braces between it and the gap are those of the later opens.
	opens []int
	// braces has the positions of all braces after the gap, from the end of buf, the nearest one
	// last.
	braces []int
	// escaped says whether a dollar sign after a backslash is before the gap.
	escaped bool

	// original is the length of the text after the gap that is still that of the value, at the last
	// replacement; length is the length of the value.
	original, length int
	// lost is the offset in the value of the first reference to a missing name, -1 if there is none.
	lost int

	// seen has the earlier texts of the current value. To save time, only those are added that may
	// be equal to a value that references find: one with a dollar sign, whose length is in lengths.
	seen    map[string]bool
	lengths map[int]bool
}

func newRewriter(env *environment, maxBytes int) *rewriter {
	if maxBytes <= 0 {
		maxBytes = max(defaultMaxBytes, env.size)
	}
	r := &rewriter{env: env, maxBytes: maxBytes, lengths: map[int]bool{}}
	r.total = 16*r.baseWork() + 64*int64(env.size)
	for _, value := range env.process.All() {
		r.addValue(value)
	}
	return r
}

// baseWork is the work that an empty value may take.
func (r *rewriter) baseWork() int64 {
	n := int64(r.maxBytes)
	return 16*min(max(n, minBytesWork), defaultMaxBytes) + 8*min(n, 1<<40)
}

func (r *rewriter) spend(work int) { r.work -= int64(work) }

// addValue adds a value that references find from now on.
func (r *rewriter) addValue(value string) {
	if strings.Contains(value, "$") {
		r.lengths[len(value)] = true
	}
}

// rewrite returns value with its references replaced.
func (r *rewriter) rewrite(value string) (string, error) {
	r.left, r.right = 0, len(r.buf)
	r.opens, r.braces, r.escaped = r.opens[:0], r.braces[:0], false
	clear(r.seen)
	r.limit = max(r.maxBytes, len(value))
	r.insert(value)
	r.original, r.length, r.lost = len(value), len(value), -1
	r.work = min(r.total, r.baseWork()+64*int64(len(value)))
	r.total -= r.work
	defer func() { r.total += max(r.work, 0) }()
	for {
		start, ok := r.next()
		if !ok {
			return string(r.buf[:r.left]), nil
		}
		name, err := r.replace(start)
		if err != nil {
			return "", err
		}
		if value, ok := r.env.expanded(name); ok && r.equals(value) {
			return value, nil
		}
	}
}

// next reads to the end of the first reference and returns its start, false if there is none.
func (r *rewriter) next() (start int, ok bool) {
	if start, ok = r.closeBrace(); ok {
		return start, true
	}
	for {
		n := bytes.IndexByte(r.buf[r.right:], '$')
		if n < 0 {
			r.read(len(r.buf) - r.right)
			return 0, false
		}
		if r.read(n) {
			r.opens = r.opens[:0]
		}
		start = r.left
		escaped := start > 0 && r.buf[start-1] == '\\'
		r.read(1)
		n = nameLen(r.buf[r.right:])
		switch {
		case escaped:
			r.escaped = true
		case n > 0:
			r.read(n)
			return start, true
		case r.right < len(r.buf) && r.buf[r.right] == '{':
			r.read(1)
			r.opens = append(r.opens, start)
			if start, ok = r.closeBrace(); ok {
				return start, true
			}
		}
	}
}

// nameLen returns the length of the name at the start of s: a letter or underscore, and the
// letters, digits and underscores after it.
func nameLen(s []byte) int {
	n := 0
	for n < len(s) && (s[n] == '_' || 'a' <= s[n]|0x20 && s[n]|0x20 <= 'z' || n > 0 && '0' <= s[n] && s[n] <= '9') {
		n++
	}
	return n
}

// closeBrace reads to the end of the last "${" before the gap if that makes it a reference: the
// next brace closes it, and is not the next character.
func (r *rewriter) closeBrace() (start int, ok bool) {
	if len(r.opens) == 0 || len(r.braces) == 0 {
		return 0, false
	}
	start = r.opens[len(r.opens)-1]
	brace := len(r.buf) - r.braces[len(r.braces)-1]
	if r.buf[brace] != '}' || r.left == start+len("${") && r.right == brace {
		return 0, false
	}
	r.read(brace + 1 - r.right)
	return start, true
}

// read moves n bytes over the gap and reports whether there was a brace among them.
func (r *rewriter) read(n int) (brace bool) {
	copy(r.buf[r.left:], r.buf[r.right:r.right+n])
	r.left, r.right = r.left+n, r.right+n
	for n := len(r.braces); n > 0 && len(r.buf)-r.braces[n-1] < r.right; n-- {
		r.braces, brace = r.braces[:n-1], true
	}
	return brace
}

// insert puts text after the gap.
func (r *rewriter) insert(text string) {
	if r.right-r.left < len(text) {
		grown := make([]byte, 2*(len(r.buf)+len(text)))
		right := len(grown) - (len(r.buf) - r.right)
		copy(grown, r.buf[:r.left])
		copy(grown[right:], r.buf[r.right:])
		r.buf, r.right = grown, right
	}
	fromEnd := len(r.buf) - r.right
	r.right -= len(text)
	copy(r.buf[r.right:], text)
	for i := strings.LastIndexAny(text, "{}"); i >= 0; i = strings.LastIndexAny(text[:i], "{}") {
		r.braces = append(r.braces, fromEnd+len(text)-i)
	}
}

// replace replaces the reference between start and the gap, and returns the name in it.
func (r *rewriter) replace(start int) (name string, err error) {
	if size := r.size(); r.lengths[size] {
		if r.seen == nil {
			r.seen = map[string]bool{}
		}
		r.seen[string(r.appendRest(nil, 0))] = true
		r.spend(byteWork * size)
	}
	template := string(r.buf[start:r.left])
	name, text, found, err := r.replacement(template)
	if err != nil {
		return "", err
	}
	rest := len(r.buf) - r.right
	if n := rest + len(template); !found && r.lost < 0 && n <= r.original {
		r.lost = r.length - n
	}
	r.original = min(r.original, rest)
	at := start
	if r.escaped { // only there can the same text be before
		if i := bytes.Index(r.buf[:start], []byte(template)); i >= 0 {
			at = i
		}
		r.spend(start / 8)
	}
	if text, err = r.fillIn(text, at, len(template)); err != nil {
		return "", err
	}
	if r.size()+len(text)-len(template) > r.limit {
		return "", ErrExpandSize
	}
	if r.spend(referenceWork + len(template) + byteWork*len(text)); r.work < 0 {
		return "", ErrExpandEndless
	}
	if at < start {
		r.spend(r.left)
		text = string(r.buf[:at]) + text + string(r.buf[at+len(template):r.left])
		start, r.escaped = 0, false
	}
	if start > 0 && r.buf[start-1] == '$' { // what comes now may make it a reference
		text, start = "$"+text, start-1
	}
	r.left = start
	for n := len(r.opens); n > 0 && r.opens[n-1] >= start; n-- {
		r.opens = r.opens[:n-1]
	}
	r.insert(text)
	return name, nil
}

// replacement returns the name in a reference, what to insert for it, and false if that is nothing
// because the name is missing.
func (r *rewriter) replacement(template string) (name, text string, found bool, err error) {
	name, operator, text := parseReference(template)
	value, ok := r.env.find(name)
	inherited := !ok && jsvalue.IsPrototypeName(name)
	switch {
	case operator == '+':
		if value == "" && !inherited {
			text = ""
		}
	case inherited:
		text, err = inheritedText(name)
	case value != "" && !r.seen[value]:
		text = value
	}
	return name, text, ok || inherited || operator != 0, err
}

// parseReference splits a reference at the first of :+ + :- and -. Without one, dotenv-expand
// splits it at JavaScript's null, so that $null is a reference to the empty name.
func parseReference(template string) (name string, operator byte, text string) {
	expression := template[1:]
	if expression[0] == '{' {
		expression = expression[1 : len(expression)-1]
	}
	if i := strings.IndexAny(expression, "+-"); i >= 0 {
		return strings.TrimSuffix(expression[:i], ":"), expression[i], expression[i+1:]
	}
	name, text, _ = strings.Cut(expression, "null")
	return name, 0, text
}

// inheritedText returns what is inserted for a reference to a name that JavaScript objects inherit.
// All but __proto__ are functions, and dotenv-expand passes the function to
// String.prototype.replace, which calls it with the reference.
func inheritedText(name string) (string, error) {
	switch name {
	case "__proto__":
		return "[object Object]", nil
	case "toString":
		return "[object Undefined]", nil
	case "isPrototypeOf":
		return "false", nil
	case "constructor":
		return "", ErrExpandEndless // Object returns the reference
	}
	return "", ErrExpandBuiltin // the others throw an exception
}

// fillIn returns text with the patterns of String.prototype.replace in it replaced. It will replace
// the n bytes at at.
func (r *rewriter) fillIn(text string, at, n int) (string, error) {
	if !strings.Contains(text, "$") {
		return text, nil
	}
	var b []byte
	for i := 0; i < len(text); i++ {
		pattern := byte(0)
		if text[i] == '$' && i+1 < len(text) {
			pattern = text[i+1]
		}
		switch pattern {
		case '$':
			b = append(b, '$')
		case '&':
			b = append(b, r.buf[at:at+n]...)
		case '`':
			b = append(b, r.buf[:at]...)
		case '\'':
			b = r.appendRest(b, at+n)
		default:
			b = append(b, text[i])
			continue
		}
		i++
		if len(b) > r.limit {
			return "", ErrExpandSize
		}
	}
	return string(b), nil
}

// appendRest appends to b the text from start on, which is before the gap.
func (r *rewriter) appendRest(b []byte, start int) []byte {
	return append(append(b, r.buf[start:r.left]...), r.buf[r.right:]...)
}

// size returns the length of the text.
func (r *rewriter) size() int { return r.left + len(r.buf) - r.right }

// equals reports whether the text is equal to s.
func (r *rewriter) equals(s string) bool {
	if len(s) != r.size() {
		return false
	}
	r.spend(len(s) / 16) // comparing is fast
	return s[:r.left] == string(r.buf[:r.left]) && s[r.left:] == string(r.buf[r.right:])
}
