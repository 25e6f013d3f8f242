package controlplane

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// assetClaims are what the token of an upload of assets says, a JSON Web Token (RFC 7519).
type assetClaims struct {
	Account string `json:"account"`
	Script  string `json:"script"`
	Expires int64  `json:"exp"` // in seconds since 1970
}

// assetTokenLife is how long such a token is good.
const assetTokenLife = time.Hour

// assetTokenHeader is {"alg":"HS256","typ":"JWT"}.
const assetTokenHeader = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"

// signAssets returns a token with these claims. Handlers that have the API token in common take each other's.
func (h *Handler) signAssets(claims assetClaims) string {
	claims.Expires = h.o.now().Add(assetTokenLife).Unix()
	payload, _ := json.Marshal(claims) // which can't fail
	text := assetTokenHeader + "." + base64.RawURLEncoding.EncodeToString(payload)
	return text + "." + base64.RawURLEncoding.EncodeToString(h.assetSignature(text))
}

func (h *Handler) assetSignature(text string) []byte {
	mac := hmac.New(sha256.New, h.token[:])
	mac.Write([]byte("assets." + text))
	return mac.Sum(nil)
}

// assetClaims returns what a token says, and whether it is one of signAssets and still good.
func (h *Handler) assetClaims(token string) (assetClaims, bool) {
	text, signature, ok := cutLast(token, ".")
	given, err := base64.RawURLEncoding.DecodeString(signature)
	if !ok || err != nil || !hmac.Equal(given, h.assetSignature(text)) {
		return assetClaims{}, false
	}
	_, encoded, _ := strings.Cut(text, ".")
	payload, err := base64.RawURLEncoding.DecodeString(encoded)
	var claims assetClaims
	if err != nil || json.Unmarshal(payload, &claims) != nil || claims.Expires <= h.o.now().Unix() {
		return assetClaims{}, false
	}
	return claims, true
}

// isAssetUpload reports whether r is a request that bears such a token and not the API's.
func isAssetUpload(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, prefix+"accounts/") && strings.HasSuffix(r.URL.Path, "/workers/assets/upload")
}
