package controlplane

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// assetManifest is what a client would upload: the static assets of a Worker by their paths.
type assetManifest struct {
	Manifest map[string]struct {
		Hash string `json:"hash"`
		Size int64  `json:"size"`
	} `json:"manifest"`
}

// assetSession answers with those assets that the account does not have yet, in buckets that are uploaded together, and with the
// token to upload them with, which is also the token of a finished upload.
type assetSession struct {
	JWT     string     `json:"jwt"`
	Buckets [][]string `json:"buckets"`
}

// startAssets begins an upload of assets. The Worker need not exist, as in Cloudflare's API.
func startAssets(c *call, m assetManifest) (assetSession, error) {
	sizes := make(map[string]int64)
	for _, asset := range m.Manifest {
		if !isAssetHash(asset.Hash) || asset.Size < 0 {
			return assetSession{}, invalid("An asset has a hash of 32 hexadecimal digits, and a size.")
		}
		sizes[asset.Hash] = asset.Size
	}
	missing, err := c.missingAssets(slices.Sorted(maps.Keys(sizes)))
	if err != nil {
		return assetSession{}, err
	}
	token := c.h.signAssets(assetClaims{Account: c.params["account"], Script: c.script()})
	return assetSession{token, assetBuckets(missing, sizes, c.h.o.maxBody()/4)}, nil
}

// isAssetHash reports whether text is the hash of an asset, which the client makes of its content and extension.
func isAssetHash(text string) bool {
	return len(text) == 32 && strings.Trim(text, "0123456789abcdef") == ""
}

// missingAssets returns those hashes that the account does not know.
func (c *call) missingAssets(hashes []string) ([]string, error) {
	var missing []string
	for _, hash := range hashes {
		records, err := c.h.store.Read(c.ctx(), contentLog(c.params["account"], assetDigest(hash)), 0)
		if err != nil {
			return nil, err
		}
		if len(records) == 0 {
			missing = append(missing, hash)
		}
	}
	return missing, nil
}

// assetDigest is what an asset goes by among contents.
func assetDigest(hash string) string { return "asset:" + hash }

// assetBuckets divides hashes, so that what is uploaded together has at most so many bytes, unless one asset alone has more.
func assetBuckets(hashes []string, sizes map[string]int64, most int64) [][]string {
	buckets := [][]string{}
	room, parts := int64(0), 0
	for _, hash := range hashes {
		if len(buckets) == 0 || sizes[hash] > room || parts == maxParts {
			buckets, room, parts = append(buckets, nil), most, 0
		}
		last := len(buckets) - 1
		buckets[last] = append(buckets[last], hash)
		room, parts = room-sizes[hash], parts+1
	}
	return buckets
}

// putAssets takes the contents of assets, each in a part of the form whose name is the hash, and keeps that they have been there. The
// session's token stands in the place of the API token.
func putAssets(c *call) (answer, error) {
	token, _ := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	claims, ok := c.h.assetClaims(token)
	if !ok || claims.Account != c.params["account"] {
		return answer{}, errAuthentication
	}
	seen, err := c.readAssets()
	if err != nil {
		return answer{}, err
	}
	if err := c.keep(c.ctx(), seen); err != nil {
		return answer{}, err
	}
	a := succeeded(map[string]string{"jwt": c.h.signAssets(claims)})
	a.status = http.StatusCreated
	return a, nil
}

// readAssets reads a form of assets in base64, and returns a record for each.
func (c *call) readAssets() (map[string]string, error) {
	if c.r.URL.Query().Get("base64") != "true" {
		return nil, invalid("Assets are uploaded in base64, with base64=true in the query.")
	}
	reader, err := c.r.MultipartReader()
	if err != nil {
		return nil, invalid("The request is not a multipart form.")
	}
	seen := make(map[string]string)
	for range maxParts + 1 {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return seen, nil
		}
		if err != nil {
			return nil, unread(err)
		}
		hash := part.FormName()
		if !isAssetHash(hash) {
			return nil, invalid("A part of the upload is named by no hash.")
		}
		if _, err := io.Copy(io.Discard, base64.NewDecoder(base64.StdEncoding, part)); err != nil {
			return nil, unreadAsset(err)
		}
		seen[assetDigest(hash)] = "uploaded"
	}
	return nil, errTooLarge
}

func unreadAsset(err error) error {
	if _, ok := err.(base64.CorruptInputError); ok {
		return invalid("An asset is not in base64.")
	}
	return unread(err)
}

// assetsMetadata is what the metadata of an upload say about assets, as far as it means something here.
type assetsMetadata struct {
	JWT string `json:"jwt"`
}

// withoutToken returns what a version carries of the assets in metadata, which is all but the token.
func withoutToken(assets json.RawMessage) json.RawMessage {
	all, err := members(assets)
	if err != nil {
		return assets // no object, and so without a token
	}
	return object(slices.DeleteFunc(all, func(m member) bool { return strings.EqualFold(m.key, "jwt") }))
}

// checkAssets fails unless the metadata of an upload have the token of an upload of assets for this Worker, or no assets.
func (c *call) checkAssets(m *assetsMetadata) error {
	if m == nil || m.JWT == "" {
		return nil
	}
	claims, ok := c.h.assetClaims(m.JWT)
	if !ok || claims.Account != c.params["account"] || claims.Script != c.script() {
		return invalid("The token of the assets is not valid for this Worker. Start an upload session for them.")
	}
	return nil
}

// assetsOf returns the member of what a version carries that says that it has assets, and how they are served.
func assetsOf(code version.Code) (member, bool) {
	all, err := members([]byte(code.Metadata.Reveal()))
	i := slices.IndexFunc(all, func(m member) bool { return m.key == "assets" && string(m.value) != "null" })
	if err != nil || i < 0 {
		return member{}, false
	}
	return all[i], true
}

// keepAssets returns code with the assets of old, unless it has some.
func keepAssets(code, old version.Code) version.Code {
	kept, ok := assetsOf(old)
	if _, has := assetsOf(code); has || !ok {
		return code
	}
	rest, _ := members([]byte(code.Metadata.Reveal())) // nothing, if there is nothing
	code.Metadata = binding.NewValue(string(object(append(rest, kept))))
	return code
}
