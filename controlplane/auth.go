package controlplane

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// wrongToken are the answers to a wrong token by pattern, for routes that belong to no account. All
// others answer errAuthentication.
var wrongToken = map[string]*failure{
	"user/tokens/verify": refuse(http.StatusUnauthorized, 1000, "Invalid API Token"),
	"user":               refuse(http.StatusForbidden, 9109, "Invalid access token"),
	"accounts":           refuse(http.StatusForbidden, 9109, "Invalid access token"),
	"memberships":        refuse(http.StatusBadRequest, 9106, "Authentication failed (status: 400)"),
}

// authenticate fails unless r has valid credentials for a route. It compares tokens in constant
// time.
func (h *Handler) authenticate(r *http.Request, route route) error {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		token = r.Header.Get("X-Auth-Key")
		ok = token != "" && r.Header.Get("X-Auth-Email") != ""
	}
	if !ok {
		return errNoCredentials
	}
	if h.anyToken {
		return nil
	}
	given := sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare(given[:], h.token[:]) == 1 {
		return nil
	}
	if route.pattern == assetUploadPath {
		if _, ok := h.assetClaims(token); ok {
			return nil
		}
	}
	if f, ok := wrongToken[route.pattern]; ok {
		return f
	}
	return errAuthentication
}

// userResult is the user whose token it is.
type userResult struct {
	ID    string `json:"id"`
	Email string `json:"email"`
}

func getUser(c *call) (any, error) { return userResult{c.h.o.Author.ID, c.h.o.Author.Email}, nil }

type tokenResult struct {
	ID     string `json:"id"`
	Status string `json:"status"`
}

// verifyToken answers requests whose token authenticate accepted.
func verifyToken(c *call) (any, error) {
	return envelope{
		Result:   tokenResult{c.h.o.Author.ID, "active"},
		Success:  true,
		Messages: []apiError{{10000, "This API Token is valid and active"}},
	}.answer(http.StatusOK), nil
}

type accountResult struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
}

func (h *Handler) showAccount(id string) (accountResult, error) {
	name := id
	if h.o.Author.Email != "" {
		name = h.o.Author.Email + "'s Account"
	}
	return accountResult{id, name, "standard"}, nil
}

// listAccounts lists Options.Accounts, which is empty if every ID is an account.
func listAccounts(c *call) (any, error) { return pageOf(c, c.h.o.Accounts, c.h.showAccount) }

func getAccount(c *call) (any, error) { return c.h.showAccount(c.account.id) }

type membershipResult struct {
	ID      string        `json:"id"`
	Status  string        `json:"status"`
	Account accountResult `json:"account"`
	Roles   []string      `json:"roles"`
}

// listMemberships lists the same accounts as listAccounts. The user has all permissions in each of
// them.
func listMemberships(c *call) (any, error) {
	return pageOf(c, c.h.o.Accounts, func(id string) (membershipResult, error) {
		account, err := c.h.showAccount(id)
		return membershipResult{id, "accepted", account, []string{"Super Administrator - All Privileges"}}, err
	})
}
