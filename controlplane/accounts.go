package controlplane

import (
	"net/url"
	"slices"

	"github.com/workerenv/workerenv/version"
)

// account is what a Handler has of one account.
type account struct {
	*version.Account
	pages    *Pages
	settings *version.History // what belongs to no Worker, see [version.Tx.PutSetting]
}

// maxAccounts bounds the accounts that a Handler holds at a time. All that they are is in the Store, so that one which is dropped is
// read again when it is asked for.
const maxAccounts = 1000

// account returns the account of that ID. It drops any other one to make place, so that requests for made-up accounts do not
// fill the memory.
func (h *Handler) account(id string) *account {
	h.mu.Lock()
	defer h.mu.Unlock()
	a, ok := h.accounts[id]
	if ok {
		return a
	}
	for other := range h.accounts {
		if len(h.accounts) < maxAccounts {
			break
		}
		delete(h.accounts, other)
	}
	a = h.newAccount(id)
	h.accounts[id] = a
	return a
}

func (h *Handler) newAccount(id string) *account {
	o := version.Options{Now: h.o.Now, NewID: h.o.NewID, Limits: h.o.limits()}
	log := "account/" + url.PathEscape(id)
	return &account{
		Account:  version.NewAccount(h.store, id, o),
		pages:    &Pages{history: version.NewHistory(h.store, log+"/pages", o), o: h.o},
		settings: version.NewHistory(h.store, log+"/settings", o),
	}
}

// Account returns the Workers of the account of that ID, to look at what requests have made of them, or to change them. It is there
// even if Options.Accounts keeps requests from it.
func (h *Handler) Account(id string) *version.Account { return h.account(id).Account }

// Pages returns the Pages projects of the account of that ID, in the same way as Account returns its Workers.
func (h *Handler) Pages(id string) *Pages { return h.account(id).pages }

// serves reports whether requests may ask for the account of that ID.
func (h *Handler) serves(account string) bool {
	if h.o.Accounts != nil {
		return slices.Contains(h.o.Accounts, account)
	}
	return 0 < len(account) && len(account) <= 32
}
