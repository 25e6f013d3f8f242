package main

import (
	"crypto/rand"
	"errors"
	"strings"
)

// tokenVariable is the name of the variable that has the token, for those who do not want it among the arguments.
const tokenVariable = "WORKERENV_TOKEN"

// token returns what clients have to bear, and whether somebody chose it.
func (c command) token(flag *string) (token string, given bool, err error) {
	token = lookup(c.environ, tokenVariable)
	if flag != nil {
		token = *flag
	}
	if flag == nil && token == "" {
		return rand.Text(), false, nil
	}
	if token == "" || strings.Trim(token, visible) != "" {
		return "", false, errors.New("a token has at least one character, and only visible ones of ASCII")
	}
	return token, true, nil
}

// visible are the characters that can be in a header without a change.
const visible = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"

// lookup returns the value of a variable in an environment, "" if there is none.
func lookup(environ []string, name string) string {
	for _, entry := range environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}
