package devvars

import "strings"

// piece is a part of the text that a rewriter has not read yet.
type piece struct {
	text  string
	pos   int // what comes before is read
	brace int // position of the first brace at or after pos, if it is at or after pos; the length of text if there is none
}

func (p *piece) rest() string { return p.text[p.pos:] }

// nextBrace returns the position of the next brace, the length of the text if there is none.
func (p *piece) nextBrace() int {
	if p.brace < p.pos {
		p.brace = len(p.text)
		if i := strings.IndexAny(p.rest(), "{}"); i >= 0 {
			p.brace = p.pos + i
		}
	}
	return p.brace
}

// push puts text before all that is to be read.
func (r *rewriter) push(text string) {
	if text != "" {
		r.right = append(r.right, piece{text: text, brace: -1})
	}
}

// next reads up to the end of the first reference and returns its position in left; false if there is none.
func (r *rewriter) next() (start int, ok bool) {
	if start, ok = r.close(); ok {
		return start, true
	}
	for len(r.right) > 0 {
		p := r.top()
		n := strings.IndexByte(p.rest(), '$')
		if n < 0 {
			r.pass(len(p.rest()))
			continue
		}
		r.pass(n)
		if start, ok = r.readDollar(); ok {
			return start, true
		}
	}
	return 0, false
}

// readDollar reads a dollar sign, and the reference that it starts, if it starts one.
func (r *rewriter) readDollar() (start int, ok bool) {
	start = len(r.left)
	escaped := start > 0 && r.left[start-1] == '\\'
	r.read(1)
	switch c := r.peek(); {
	case escaped:
		r.escapes = append(r.escapes, start)
	case isNameStart(c):
		r.readName()
		return start, true
	case c == '{':
		r.read(1)
		r.opens = append(r.opens, start)
		return r.close()
	}
	return 0, false
}

// close reads up to the closing brace of the last "${" in left that has none, if it makes a reference: there must be
// something between them, and no other brace.
func (r *rewriter) close() (start int, ok bool) {
	n := len(r.opens)
	if n == 0 || r.nextBrace() != '}' {
		return 0, false
	}
	start = r.opens[n-1]
	if len(r.left) == start+len("${") && r.peek() == '}' {
		return 0, false
	}
	for {
		p := r.top()
		if brace := p.nextBrace(); brace < len(p.text) {
			r.read(brace + 1 - p.pos)
			return start, true
		}
		r.read(len(p.rest()))
	}
}

// nextBrace returns the next brace that is to be read, 0 if there is none.
func (r *rewriter) nextBrace() byte {
	for i := len(r.right) - 1; i >= 0; i-- {
		p := &r.right[i]
		if brace := p.nextBrace(); brace < len(p.text) {
			return p.text[brace]
		}
		r.spend(1)
	}
	return 0
}

// readName reads the letters, digits and underscores that come next.
func (r *rewriter) readName() {
	for len(r.right) > 0 {
		rest := r.top().rest()
		n := 0
		for n < len(rest) && (isNameStart(rest[n]) || '0' <= rest[n] && rest[n] <= '9') {
			n++
		}
		r.read(n)
		if n < len(rest) {
			return
		}
	}
}

func isNameStart(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' }

// pass reads n bytes that start no reference. A brace among them ends all hope for the open references before it.
func (r *rewriter) pass(n int) {
	if p := r.top(); len(r.opens) > 0 && p.nextBrace() < p.pos+n {
		r.opens = r.opens[:0]
	}
	r.read(n)
}

// read moves n bytes of the next piece from right to left.
func (r *rewriter) read(n int) {
	p := r.top()
	r.left = append(r.left, p.text[p.pos:p.pos+n]...)
	p.pos += n
	if p.pos == len(p.text) {
		r.right = r.right[:len(r.right)-1]
	}
}

// readAll reads all that is left without looking for references.
func (r *rewriter) readAll() {
	for len(r.right) > 0 {
		r.read(len(r.top().rest()))
	}
}

func (r *rewriter) top() *piece { return &r.right[len(r.right)-1] }

// peek returns the next byte, 0 if there is none.
func (r *rewriter) peek() byte {
	if len(r.right) == 0 {
		return 0
	}
	return r.top().rest()[0]
}
