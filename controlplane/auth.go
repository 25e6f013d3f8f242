package controlplane

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// strangers are what those routes that belong to no account say to a token which is not the right one, where all others say
// errAuthentication.
var strangers = map[string]*failure{
	prefix + "user/tokens/verify": refuse(http.StatusUnauthorized, 1000, "Invalid API Token"),
	prefix + "user":               refuse(http.StatusForbidden, 9109, "Invalid access token"),
	prefix + "accounts":           refuse(http.StatusForbidden, 9109, "Invalid access token"),
	prefix + "memberships":        refuse(http.StatusBadRequest, 9106, "Authentication failed (status: 400)"),
}

// authenticate fails unless r may ask for anything. What it takes does not depend on how much of the token is right.
func (h *Handler) authenticate(r *http.Request) error {
	token, bears := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	keyed := r.Header.Get("X-Auth-Key") != "" && r.Header.Get("X-Auth-Email") != ""
	if !bears && !keyed {
		return errNoCredentials
	}
	if h.open {
		return nil
	}
	given := sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare(given[:], h.token[:]) == 1 {
		return nil
	}
	if isAssetUpload(r) {
		if _, ok := h.assetClaims(token); ok {
			return nil
		}
	}
	if f, ok := strangers[r.URL.Path]; ok {
		return f
	}
	return errAuthentication
}
