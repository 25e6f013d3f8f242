package main

import (
	"fmt"
	"io"
	"strings"
)

// anyAccount is the account that serve names to clients if it has not been given one. Every other one is there, too.
const anyAccount = "0123456789abcdef0123456789abcdef"

// announce prints the variables that make wrangler a client, as commands of a POSIX shell. Then it closes standard output, so that
// a shell that evaluates it does not wait any longer.
func (c command) announce(url, token, account string) error {
	if account == "" {
		account = anyAccount
	}
	_, err := fmt.Fprintf(c.stdout, "export CLOUDFLARE_API_BASE_URL=%s\nexport CLOUDFLARE_API_TOKEN=%s\nexport CLOUDFLARE_ACCOUNT_ID=%s\n",
		shellWord(url), shellWord(token), shellWord(account))
	if closer, ok := c.stdout.Writer.(io.Closer); ok && err == nil {
		err = closer.Close()
	}
	return err
}

// shellWord returns s as one word of a shell.
func shellWord(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
