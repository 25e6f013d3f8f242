package controlplane

// userObject is who the token belongs to.
type userObject struct {
	ID    string `json:"id"`
	Email string `json:"email"`
}

func getUser(c *call) (userObject, error) {
	return userObject{c.h.o.Author.ID, c.h.o.Author.Email}, nil
}

type tokenObject struct {
	ID     string `json:"id"`
	Status string `json:"status"`
}

// verifyToken answers a token that has got as far as here.
func verifyToken(c *call) (answer, error) {
	a := succeeded(tokenObject{c.h.o.Author.ID, "active"})
	a.envelope.Messages = []apiError{{10000, "This API Token is valid and active"}}
	return a, nil
}

type accountObject struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
}

func (h *Handler) showAccount(id string) accountObject {
	name := id
	if h.o.Author.Email != "" {
		name = h.o.Author.Email + "'s Account"
	}
	return accountObject{id, name, "standard"}
}

// listAccounts lists a page of Options.Accounts: none where every ID is an account.
func listAccounts(c *call) (paged, error) {
	ids, info := window(c, c.h.o.Accounts)
	list := []accountObject{}
	for _, id := range ids {
		list = append(list, c.h.showAccount(id))
	}
	return paged{list, info}, nil
}

func getAccount(c *call) (accountObject, error) { return c.h.showAccount(c.params["account"]), nil }

type membershipObject struct {
	ID      string        `json:"id"`
	Status  string        `json:"status"`
	Account accountObject `json:"account"`
	Roles   []string      `json:"roles"`
}

// listMemberships lists the same accounts as listAccounts, as those that the user may do everything in.
func listMemberships(c *call) (paged, error) {
	ids, info := window(c, c.h.o.Accounts)
	list := []membershipObject{}
	for _, id := range ids {
		list = append(list, membershipObject{id, "accepted", c.h.showAccount(id), []string{"Super Administrator - All Privileges"}})
	}
	return paged{list, info}, nil
}
