package devvars

import "strings"

// schemes are those of references to secrets that other tools replace, with what follows them.
var schemes = map[string]string{
	"vault": ":", "bws": ":", "keyring": ":", "keychain": ":", "secretref": ":", "sops": ":", "ssm": ":",
	"encrypted": ":", // dotenvx
	"op":        "://", "1password": "://", "onepassword": "://", "bw": "://", "bitwarden": "://", "lpass": "://", "keeper": "://",
	"doppler": "://", "infisical": "://", "hcv": "://", "pass": "://", "gopass": "://", "secret": "://", "secrets": "://",
	"aws-sm": "://", "awssm": "://", "aws-ssm": "://", "aws-secretsmanager": "://", "aws-secrets-manager": "://",
	"aws-secrets": "://", "aws-kms": "://", "awskms": "://", "asm": "://",
	"gcp-sm": "://", "gcpsm": "://", "gcp-secretmanager": "://", "gcp-secret": "://", "gsm": "://", "sm": "://",
	"azure-kv": "://", "azurekv": "://", "akv": "://", "azkv": "://", "azure-keyvault": "://", "azurekeyvault": "://",
}

// maxScheme is more than the length of a scheme.
const maxScheme = 32

// isReference reports whether value, without its quotes, is a reference, cipher text or command that
// another tool replaces.
func isReference(value string) bool {
	switch value[0] {
	case '$':
		return strings.HasPrefix(value, "$(") && strings.HasSuffix(value, ")") ||
			strings.HasPrefix(value, "${{") || strings.HasPrefix(value, "$ANSIBLE_VAULT;")
	case '{':
		return strings.HasPrefix(value, "{{") || strings.HasPrefix(value, "{cipher}")
	case '@':
		return strings.HasPrefix(value, "@Microsoft.KeyVault(")
	case 'E':
		return strings.HasPrefix(value, "ENC[") || strings.HasPrefix(value, "ENC(")
	}
	n := strings.IndexByte(value[:min(len(value), maxScheme)], ':')
	if n < 0 {
		return false
	}
	if strings.HasPrefix(value, "ref+") {
		return strings.HasPrefix(value[n:], "://")
	}
	end, ok := schemes[value[:n]]
	return ok && strings.HasPrefix(value[n:], end)
}
