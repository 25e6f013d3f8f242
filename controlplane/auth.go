package controlplane

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// authenticate fails unless r may ask for anything. What it takes does not depend on how much of the token is right.
func (h *Handler) authenticate(r *http.Request) error {
	token, bears := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	keyed := r.Header.Get("X-Auth-Key") != "" && r.Header.Get("X-Auth-Email") != ""
	if !bears && !keyed {
		return errNoCredentials
	}
	if h.o.Token == "" {
		return nil
	}
	given := sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare(given[:], h.token[:]) != 1 {
		return errAuthentication
	}
	return nil
}
