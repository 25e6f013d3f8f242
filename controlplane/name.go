package controlplane

import "strings"

const (
	letters = "abcdefghijklmnopqrstuvwxyz"
	digits  = "0123456789"
)

// Bounds of names, in characters.
const (
	maxScriptName  = 255
	maxProjectName = 58 // as Cloudflare's page "Get started" of Pages says
	maxLabel       = 63 // of the domain name system
)

// isScriptName reports whether a Worker can have that name.
func isScriptName(name string) bool {
	return isOf(name, letters+digits+"_-", maxScriptName) && name[0] != '-'
}

// isLabel reports whether name can be one of the labels of a domain, of so many characters at most. Wrangler 4.164.0 asks that of a
// subdomain, too.
func isLabel(name string, length int) bool {
	return isOf(name, letters+digits+"-", length) && name[0] != '-' && name[len(name)-1] != '-'
}

// isOf reports whether name has 1 to length characters, all of them among those given.
func isOf(name, characters string, length int) bool {
	return name != "" && len(name) <= length && strings.Trim(name, characters) == ""
}
