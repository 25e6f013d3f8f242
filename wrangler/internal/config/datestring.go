package config

import (
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// compatibilityDate wants a text that JavaScript takes for a date, which is far more than what the field is meant for.
func compatibilityDate(n node) bool {
	if n.isUndefined() {
		return true
	}
	if !n.value.Is(jsvalue.String) {
		return n.mustBe("a string")
	}
	date := n.value.Text()
	plain := strings.NewReplacer("–", "-", "—", "-").Replace(date)
	ok := plain == date || n.fail(RuleFormat, "must have hyphens (-), not dashes")
	return isDate(plain) && ok || n.failUnless(isDate(plain), RuleFormat, "must be a date such as 2025-01-31")
}

func (n node) failUnless(ok bool, r Rule, text string) bool { return ok || n.fail(r, text) }

// isDate reports whether new Date(s) is a date in V8: one of ISO 8601, or else one that V8's own, lenient rules make
// something of. Where a date depends on the time zone of the machine, which matters at the ends of what a Date can
// hold only, it is that of UTC.
func isDate(s string) bool {
	p := &dateParser{tokens: dateTokens{rest: s}}
	p.tokens.advance()
	next, ok := p.isoDate()
	return ok && p.lenient(next) && p.isComplete()
}

// dateParser puts a date together.
type dateParser struct {
	tokens dateTokens
	day    dayParts
	time   timeParts
	zone   zoneParts
}

// isoDate reads a date of ISO 8601. What it returns is the token that the lenient rules go on with; they keep what was
// read so far.
func (p *dateParser) isoDate() (dateToken, bool) {
	if t := p.tokens.peek; t.isSign() {
		p.tokens.next()
		if !p.tokens.peek.isDigits(6) || t.symbol == '-' && p.tokens.peek.number == 0 {
			if p.tokens.peek.isDigits(6) {
				p.tokens.next()
			}
			return t, true
		}
		year := p.tokens.next().number
		if t.symbol == '-' {
			year = -year
		}
		p.day.add(year)
	} else if t.isDigits(4) {
		p.day.add(p.tokens.next().number)
	} else {
		return p.tokens.next(), true
	}
	return p.isoMonth()
}

func (p *dateParser) isoMonth() (dateToken, bool) {
	if p.tokens.skip('-') {
		if t := p.tokens.peek; !t.isDigits(2) || !isMonth(t.number) {
			return p.tokens.next(), true
		}
		p.day.add(p.tokens.next().number)
		if p.tokens.skip('-') {
			if t := p.tokens.peek; !t.isDigits(2) || !isDay(t.number) {
				return p.tokens.next(), true
			}
			p.day.add(p.tokens.next().number)
		}
	}
	if t := p.tokens.peek; t.kind == keywordToken && t.word == wordTime {
		p.tokens.next()
		if !p.isoTime() || !p.isoZone() || p.tokens.peek.kind != endToken {
			return dateToken{}, false
		}
	} else if t.kind != endToken {
		return p.tokens.next(), true
	}
	if !p.zone.hasHour && p.time.count == 0 {
		p.zone.set(0)
	}
	p.day.iso = true
	return dateToken{kind: endToken}, true
}

// isoTime reads HH:mm, with optional seconds and fractions.
func (p *dateParser) isoTime() bool {
	if !p.isoTimePart(24) {
		return false
	}
	limit := 59
	if p.time.part[0] == 24 {
		limit = 0
	}
	if !p.tokens.skip(':') || !p.isoTimePart(limit) {
		return false
	}
	if !p.tokens.skip(':') {
		return true
	}
	if !p.isoTimePart(limit) {
		return false
	}
	if !p.tokens.skip('.') {
		return true
	}
	t := p.tokens.peek
	if t.kind != numberToken || limit == 0 && t.number > 0 {
		return false
	}
	p.time.add(p.tokens.next().milliseconds())
	return true
}

func (p *dateParser) isoTimePart(limit int) bool {
	if t := p.tokens.peek; !t.isDigits(2) || t.number > limit {
		return false
	}
	return p.time.add(p.tokens.next().number)
}

// isoZone reads an optional Z or offset.
func (p *dateParser) isoZone() bool {
	t := p.tokens.peek
	switch {
	case t.isZ():
		p.tokens.next()
		p.zone.set(0)
		return true
	case !t.isSign():
		return true
	}
	p.zone.setSign(p.tokens.next())
	if t := p.tokens.peek; t.isDigits(4) {
		p.tokens.next()
		p.zone.setHour(t.number / 100)
		p.zone.setMinute(t.number % 100)
		return t.number/100 < 24 && t.number%100 < 60
	}
	hour := p.tokens.peek
	if !hour.isDigits(2) || hour.number > 23 {
		return false
	}
	p.tokens.next()
	p.zone.setHour(hour.number)
	if !p.tokens.skip(':') {
		return false
	}
	minute := p.tokens.next()
	p.zone.setMinute(minute.number)
	return minute.isDigits(2) && minute.number < 60
}

// lenient reads what is left, from the token t on.
func (p *dateParser) lenient(t dateToken) bool {
	seen := p.day.count > 0 // whether there was a number
	for ; t.kind != endToken; t = p.tokens.next() {
		ok := true
		switch {
		case t.kind == numberToken:
			seen = true
			ok = p.number(t.number)
		case t.kind == keywordToken:
			ok = p.keyword(t, seen)
		case t.isSign() && (p.zone.isUTC() || p.time.count > 0):
			seen = true
			ok = p.offset(t)
		case t.isSign() || t.isSymbol(')'):
			ok = !seen
		case t.isSymbol('('):
			p.tokens.skipParentheses()
		}
		if !ok {
			return false
		}
	}
	return true
}

// number takes a number for whatever it can be by what surrounds it.
func (p *dateParser) number(n int) bool {
	switch {
	case p.tokens.skip(':'):
		if p.tokens.skip(':') {
			if p.time.count > 0 {
				return false
			}
			p.time.add(n)
			p.time.add(0)
			return true
		}
		if !p.time.add(n) {
			return false
		}
		p.tokens.skip('.')
		return true
	case p.tokens.peek.isSymbol('.') && p.fraction(n):
		p.time.add(n)
		p.tokens.next()
		if p.tokens.peek.kind != numberToken {
			return false
		}
		p.time.finish(p.tokens.next().milliseconds())
		return true
	}
	p.tokens.skip('.')
	return p.plainNumber(n)
}

func (p *dateParser) fraction(n int) bool { return p.time.expects(n) }

func (p *dateParser) plainNumber(n int) bool {
	switch {
	case p.zone.expectsMinute(n):
		p.zone.setMinute(n)
		return true
	case p.time.expects(n):
		p.time.finish(n)
		t := p.tokens.peek
		return t.kind == endToken || t.kind == spaceToken || t.isZ() || t.isSign()
	}
	if !p.day.add(n) {
		return false
	}
	p.tokens.skip('-')
	return true
}

// keyword takes a word for a month, a half of the day or a time zone. Before any number, other words do no harm.
func (p *dateParser) keyword(t dateToken, seen bool) bool {
	switch {
	case t.word == wordHalf && p.time.count > 0:
		p.time.setHalf(t.number)
		return true
	case t.word == wordMonth:
		p.day.month = t.number
		p.tokens.skip('-')
		return true
	case t.word == wordZone && seen:
		p.zone.set(t.number)
		return true
	}
	return !seen && p.tokens.peek.kind != numberToken
}

// offset reads what follows a sign after a time or UTC.
func (p *dateParser) offset(sign dateToken) bool {
	p.zone.setSign(sign)
	var t dateToken
	if p.tokens.peek.kind == numberToken {
		t = p.tokens.next()
	}
	switch {
	case p.tokens.peek.isSymbol(':'):
		p.zone.setHour(t.number)
		p.zone.hasMinute = false
	case t.length == 1 || t.length == 2:
		p.zone.setHour(t.number)
		p.zone.setMinute(0)
	case t.length == 3 || t.length == 4:
		p.zone.setHour(t.number / 100)
		p.zone.setMinute(t.number % 100)
	default:
		return false
	}
	return true
}
