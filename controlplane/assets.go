package controlplane

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// assetsBody lists the static assets of a Worker by their paths.
type assetsBody struct {
	Manifest map[string]struct {
		Hash string `json:"hash"`
		Size int64  `json:"size"`
	} `json:"manifest"`
}

// assetsSession has the hashes of the assets that the account does not have yet, in buckets that
// are uploaded together, and the token for these uploads, which is also the token of a finished
// upload.
type assetsSession struct {
	JWT     string     `json:"jwt"`
	Buckets [][]string `json:"buckets"`
}

// startAssets starts an upload session. As in Cloudflare's API, the Worker need not exist.
func startAssets(c *call, b assetsBody) (any, error) {
	sizes := make(map[string]int64)
	for _, asset := range b.Manifest {
		if !isAssetHash(asset.Hash) || asset.Size < 0 {
			return nil, invalid("An asset has a hash of 32 hexadecimal digits, and a size.")
		}
		sizes[asset.Hash] = asset.Size
	}
	missing, err := c.missingAssets(slices.Sorted(maps.Keys(sizes)))
	if err != nil {
		return nil, err
	}
	token := c.h.signAssets(assetClaims{Account: c.account.id, Script: c.script()})
	return assetsSession{token, assetBuckets(missing, sizes, c.h.o.MaxBody/4)}, nil
}

// isAssetHash reports whether text has the form of a hash that clients make of an asset.
func isAssetHash(text string) bool {
	return len(text) == 32 && strings.Trim(text, "0123456789abcdef") == ""
}

// missingAssets returns the hashes of assets that have not been uploaded to the account.
func (c *call) missingAssets(hashes []string) ([]string, error) {
	var missing []string
	for _, hash := range hashes {
		records, err := c.h.o.Store.Read(c.ctx(), c.contentLog(assetDigest(hash)), 0)
		if err != nil {
			return nil, err
		}
		if len(records) == 0 {
			missing = append(missing, hash)
		}
	}
	return missing, nil
}

// assetDigest is the digest of an asset among the contents of modules.
func assetDigest(hash string) string { return "asset:" + hash }

// assetBuckets divides hashes into buckets of at most maxSize bytes, or of one asset that is
// larger.
func assetBuckets(hashes []string, sizes map[string]int64, maxSize int64) [][]string {
	buckets := [][]string{}
	left, count := int64(0), 0
	for _, hash := range hashes {
		if len(buckets) == 0 || sizes[hash] > left || count == maxParts {
			buckets, left, count = append(buckets, nil), maxSize, 0
		}
		last := len(buckets) - 1
		buckets[last] = append(buckets[last], hash)
		left, count = left-sizes[hash], count+1
	}
	return buckets
}

// uploadAssets records that assets have been uploaded, each in a part of the form whose name is the
// hash. It does not keep their contents. Requests have the token of the session instead of the API
// token.
func uploadAssets(c *call) (any, error) {
	token, _ := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	claims, ok := c.h.assetClaims(token)
	if !ok || claims.Account != c.account.id {
		return nil, errAuthentication
	}
	uploaded, err := c.readAssets()
	if err != nil {
		return nil, err
	}
	if err := c.keep(uploaded); err != nil {
		return nil, err
	}
	result := map[string]string{"jwt": c.h.signAssets(claims)}
	return envelope{Result: result, Success: true}.answer(http.StatusCreated), nil
}

// readAssets reads a form of assets in base64. It returns what to keep for each.
func (c *call) readAssets() (map[string]string, error) {
	if c.query("base64") != "true" {
		return nil, invalid("Assets are uploaded in base64, with base64=true in the query.")
	}
	reader, err := c.r.MultipartReader()
	if err != nil {
		return nil, invalid("The request is not a multipart form.")
	}
	uploaded := make(map[string]string)
	for range maxParts + 1 {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return uploaded, nil
		}
		if err != nil {
			return nil, readError(err)
		}
		hash := part.FormName()
		if !isAssetHash(hash) {
			return nil, invalid("The name of a part is not the hash of an asset.")
		}
		_, err = io.Copy(io.Discard, base64.NewDecoder(base64.StdEncoding, part))
		if _, ok := err.(base64.CorruptInputError); ok {
			return nil, invalid("An asset is not in base64.")
		}
		if err != nil {
			return nil, readError(err)
		}
		uploaded[assetDigest(hash)] = "uploaded"
	}
	return nil, errTooLarge
}

// assetsMetadata is the member "assets" of the metadata of an upload.
type assetsMetadata struct {
	JWT string `json:"jwt"`
}

// checkAssets fails unless m has the token of an upload session for this Worker, or no token.
func (c *call) checkAssets(m *assetsMetadata) error {
	if m == nil || m.JWT == "" {
		return nil
	}
	claims, ok := c.h.assetClaims(m.JWT)
	if !ok || claims.Account != c.account.id || claims.Script != c.script() {
		return invalid("The token of the assets is not valid for this Worker. Start an upload session for them.")
	}
	return nil
}

// withoutToken returns metadata without the token of the assets in it.
func withoutToken(metadata object) object {
	for i, m := range metadata {
		var assets object
		if m.key == "assets" && json.Unmarshal(m.value, &assets) == nil {
			assets = slices.DeleteFunc(assets, func(m member) bool { return strings.EqualFold(m.key, "jwt") })
			metadata[i].value = json.RawMessage(assets.text())
		}
	}
	return metadata
}

// withAssetsOf returns code with the assets of old, unless it has assets.
func withAssetsOf(code, old version.Code) version.Code {
	assets := metadataOf(old).Assets
	if assets == nil || metadataOf(code).Assets != nil {
		return code
	}
	var metadata object
	json.Unmarshal([]byte(code.Metadata.Reveal()), &metadata) // no text means no members
	code.Metadata = binding.NewValue(append(metadata.without("assets"), member{"assets", json.RawMessage(assets)}).text())
	return code
}

// assetClaims are the claims of an upload session's token, a JSON Web Token (RFC 7519).
type assetClaims struct {
	Account string `json:"account"`
	Script  string `json:"script"`
	Expires int64  `json:"exp"` // in seconds since 1970
}

// assetTokenLife is how long a token is valid.
const assetTokenLife = time.Hour

// assetTokenHeader is {"alg":"HS256","typ":"JWT"}.
const assetTokenHeader = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"

// signAssets returns a token with claims. All Handlers with the same API token accept it.
func (h *Handler) signAssets(claims assetClaims) string {
	claims.Expires = h.o.Now().Add(assetTokenLife).Unix()
	payload, _ := json.Marshal(claims) // never fails
	text := assetTokenHeader + "." + base64.RawURLEncoding.EncodeToString(payload)
	return text + "." + h.assetSignature(text)
}

func (h *Handler) assetSignature(text string) string {
	mac := hmac.New(sha256.New, h.token[:])
	mac.Write([]byte("assets." + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// assetClaims returns the claims of a token, and whether signAssets made it and it is still valid.
func (h *Handler) assetClaims(token string) (claims assetClaims, ok bool) {
	dot := max(strings.LastIndexByte(token, '.'), 0)
	text := token[:dot]
	if !hmac.Equal([]byte(token[dot:]), []byte("."+h.assetSignature(text))) {
		return claims, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(text, assetTokenHeader+"."))
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return claims, false
	}
	return claims, claims.Expires > h.o.Now().Unix()
}
