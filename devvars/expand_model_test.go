package devvars_test

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// The model is a direct translation of dotenv-expand 12.0.2: it searches the whole text again after
// each replacement, and keeps every text that it has seen. It shares no code with the package.
// TestModelAgreesWithRecordedExpansions checks it.

// The model gives up after modelSteps replacements and at a text of more than modelBytes. A limit
// of 64 KiB allows the package that much work.
const (
	modelSteps = 200
	modelBytes = 1000
)

// errModelThrew and errModelGaveUp are the errors of the model.
var (
	errModelThrew  = errors.New("throws")
	errModelGaveUp = errors.New("gives up")
)

// modelInherited has what is inserted for a reference to a name of Object.prototype, "" if
// dotenv-expand fails.
var modelInherited = map[string]string{
	"toString": "[object Undefined]", "isPrototypeOf": "false", "__proto__": "[object Object]",
	"constructor": "", "valueOf": "",
	"hasOwnProperty": "", "propertyIsEnumerable": "", "toLocaleString": "",
	"__defineGetter__": "", "__defineSetter__": "",
	"__lookupGetter__": "", "__lookupSetter__": "",
}

// modelExpand returns the resulting environment, or the error of the first key that has none.
func modelExpand(process, vars []oraclePair) ([]oraclePair, error) {
	env := modelObject(process)
	parsed := modelObject(vars)
	var running []oraclePair
	for i, kv := range parsed {
		value, own := modelGet(env, kv.key)
		_, inherits := modelInherited[kv.key]
		switch {
		case !own && inherits:
			return nil, errModelThrew
		case value == "" || value == kv.value:
			var err error
			if value, err = modelValue(kv.value, env, running); err != nil {
				return nil, err
			}
		}
		parsed[i].value = strings.ReplaceAll(value, `\$`, "$")
		running = append(running, parsed[i])
	}
	return modelObject(append(env, parsed...)), nil
}

// modelObject returns the properties, in their order, of an object to which pairs were assigned.
func modelObject(pairs []oraclePair) []oraclePair {
	var integers, others []oraclePair
	for _, kv := range pairs {
		_, integer := modelInteger(kv.key)
		switch {
		case kv.key == "__proto__":
		case integer:
			integers = modelAssign(integers, kv)
		default:
			others = modelAssign(others, kv)
		}
	}
	slices.SortFunc(integers, func(a, b oraclePair) int {
		m, _ := modelInteger(a.key)
		n, _ := modelInteger(b.key)
		return cmp.Compare(m, n)
	})
	return append(integers, others...)
}

// modelInteger returns the number that key is if it is an array index.
func modelInteger(key string) (uint64, bool) {
	n, err := strconv.ParseUint(key, 10, 32)
	return n, err == nil && n != 1<<32-1 && strconv.FormatUint(n, 10) == key
}

func modelAssign(pairs []oraclePair, kv oraclePair) []oraclePair {
	for i := range pairs {
		if pairs[i].key == kv.key {
			pairs[i].value = kv.value
			return pairs
		}
	}
	return append(pairs, kv)
}

func modelGet(pairs []oraclePair, key string) (string, bool) {
	for _, kv := range pairs {
		if kv.key == key {
			return kv.value, true
		}
	}
	return "", false
}

func modelValue(text string, process, running []oraclePair) (string, error) {
	seen := map[string]bool{}
	for step := 0; ; step++ {
		template, expression := modelMatch(text)
		if template == "" {
			return text, nil
		}
		if step == modelSteps || len(text) > modelBytes {
			return "", errModelGaveUp
		}
		seen[text] = true
		name, replacement, err := modelReplacement(expression, process, running, seen)
		if err != nil {
			return "", err
		}
		text = modelReplace(text, template, replacement)
		if value, ok := modelGet(running, name); ok && value == text {
			return text, nil
		}
	}
}

// modelMatch returns the first reference in text and the expression in it, nothing if there is
// none.
func modelMatch(text string) (template, expression string) {
	for i := range len(text) {
		if text[i] != '$' || i > 0 && text[i-1] == '\\' {
			continue
		}
		rest := text[i+1:]
		if strings.HasPrefix(rest, "{") {
			if n := strings.IndexAny(rest[1:], "{}"); n > 0 && rest[1+n] == '}' {
				return text[i : i+n+3], rest[1 : 1+n]
			}
			continue
		}
		name := rest[:len(rest)-len(strings.TrimLeft(rest, modelLetters+"0123456789"))]
		if name != "" && strings.Contains(modelLetters, name[:1]) {
			return text[i : i+1+len(name)], name
		}
	}
	return "", ""
}

const modelLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"

func modelReplacement(
	expression string, process, running []oraclePair, seen map[string]bool,
) (name, text string, err error) {
	operator := "null"
	for i := range len(expression) {
		if op := modelOperator(expression[i:]); op != "" {
			operator = op
			break
		}
	}
	name, rest, _ := strings.Cut(expression, operator)
	value, own := modelGet(process, name)
	if !own {
		value, own = modelGet(running, name)
	}
	inherited, inherits := modelInherited[name]
	inherits = inherits && !own
	switch {
	case strings.HasSuffix(operator, "+"):
		if value == "" && !inherits {
			rest = ""
		}
		return name, rest, nil
	case inherits && name == "constructor":
		return "", "", errModelGaveUp
	case inherits && inherited == "":
		return "", "", errModelThrew
	case inherits:
		return name, inherited, nil
	case value == "" || seen[value]:
		return name, rest, nil
	}
	return name, value, nil
}

func modelOperator(s string) string {
	for _, op := range []string{":+", "+", ":-", "-"} {
		if strings.HasPrefix(s, op) {
			return op
		}
	}
	return ""
}

// modelReplace is JavaScript's text.replace(template, replacement).
func modelReplace(text, template, replacement string) string {
	before, after, _ := strings.Cut(text, template)
	filled := strings.NewReplacer("$$", "$", "$&", template, "$`", before, "$'", after).Replace(replacement)
	return before + filled + after
}
