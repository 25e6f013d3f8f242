package devvars

import (
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// reference is a reference in a value, taken apart.
type reference struct {
	template    string // the whole of it: $NAME or ${EXPRESSION}
	name        string
	text        string // what comes after the operator
	alternative bool   // whether text stands for a value, and not for the lack of one
}

// newReference takes template apart.
func newReference(template string) reference {
	expression := strings.TrimPrefix(template, "$")
	if strings.HasPrefix(expression, "{") {
		expression = expression[1 : len(expression)-1]
	}
	start, end := operator(expression)
	ref := reference{template: template, name: expression[:start], text: expression[end:]}
	ref.alternative = strings.HasSuffix(expression[start:end], "+")
	return ref
}

// operator returns where the first of :+ + :- - begins and ends in an expression, both its length if there is none. Without
// an operator the reference implementation splits the expression at JavaScript's null, so that $null is a name "".
func operator(expression string) (start, end int) {
	i := strings.IndexAny(expression, "+-")
	switch {
	case i > 0 && expression[i-1] == ':':
		return i - 1, i + 1
	case i >= 0:
		return i, i + 1
	}
	if i = strings.Index(expression, "null"); i >= 0 {
		return i, i + len("null")
	}
	return len(expression), len(expression)
}

// withoutValue returns what is put in for a reference to a name that nothing gives a value. The names that JavaScript
// objects inherit find a function or an object all the same.
func (ref reference) withoutValue() (string, error) {
	inherited := jsvalue.IsPrototypeName(ref.name)
	switch {
	case inherited && !ref.alternative:
		return inheritedText(ref.name)
	case !inherited && ref.alternative:
		return "", nil
	}
	return ref.text, nil
}

// inheritedText returns what is put in for a reference to a name that JavaScript objects inherit. All but __proto__ are
// functions. They are called, without an object to work on and with the reference as their argument.
func inheritedText(name string) (string, error) {
	switch name {
	case "__proto__":
		return "[object Object]", nil
	case "toString":
		return "[object Undefined]", nil
	case "isPrototypeOf":
		return "false", nil
	case "constructor":
		return "", ErrExpandEndless // it returns its argument
	}
	return "", ErrExpandBuiltin // they throw
}
