// Package devvars reads, edits and checks .dev.vars files, the files in which the secrets of a Cloudflare Worker are
// kept while it is developed with wrangler.
//
// The language is what npm's dotenv 16.3.1 makes of a text, since that is what wrangler 4.164.0 uses:
//
//	KEY=value                 # a comment
//	export NAME = "two words" # the word export and white space mean nothing
//	PEM='-----BEGIN-----
//	several lines'
//	OTHER: value              # a colon needs white space after it
//
// A key has letters, digits, "_", "." and "-". An unquoted value ends at the first "#", also in the middle of a word. A
// value in ', " or ` may have several lines; in double quotes \n is a line feed and \r a carriage return, and every other
// backslash stays. Nothing is expanded. What is no assignment is passed over without a word, which is why
// there is [File.Lint].
//
// [Parse] gives exactly dotenv's result for every input, in time linear in its length. [File.Set] and [File.Delete]
// change one line and leave every other byte alone. [Expand] does what wrangler does in addition to .env files.
//
// This package knows the language and not its meaning: which file is read, and what wins over what, is the business
// of package wrangler.
package devvars
