// Package devvars reads, edits and checks .dev.vars files, which hold the secrets of a Cloudflare
// Worker during local development with wrangler.
//
// # The language
//
// A .dev.vars file is a list of assignments:
//
//	KEY=value                 # a comment
//	export NAME = "two words" # the word export and the white space have no meaning
//	OTHER: value              # a colon needs white space after it
//	PEM='-----BEGIN-----
//	several lines'
//
// The rules are those of dotenv 16.3.1, the npm package that wrangler 4.164.0 uses:
//
//   - A key consists of A to Z, a to z, 0 to 9, "_", "." and "-".
//   - A value without quotes ends at the first "#" or at the end of the line. White space around it
//     is removed.
//   - A value in ', " or ` may contain "#" and line ends. Only white space and a comment may follow
//     it; otherwise the quotes are ordinary characters of a value without quotes.
//   - In double quotes, \n is a line feed and \r a carriage return. Any other backslash is an
//     ordinary character. A backslash before a quote keeps the quote from ending the value, but
//     stays in it.
//   - References such as $NAME are not replaced.
//   - White space may surround "=". It may include line ends before "=" and before a value in
//     quotes. After a colon, a value without quotes may be on the next line, too.
//   - Lines end with LF, CR LF or CR, which become LF in values. Invalid UTF-8 becomes U+FFFD.
//   - The last assignment to a key wins. An assignment to __proto__ has no effect.
//   - Anything else is ignored. There are no syntax errors; [File.Findings] reports what looks
//     wrong.
//
// Wrangler reads .env files by the same rules and then replaces the references in their values; see
// [Expand].
//
// # Other dialects
//
// Programs that read such files with another parser can get other values:
//
//   - Most parsers replace $NAME in values; .dev.vars keeps it.
//   - Many keep a "#" that follows a character other than white space; here it starts a comment.
//   - Most decode \t, \" and \\ in double quotes; here the backslashes stay.
//   - Most do not know ` as a quote.
//   - Many refuse a file with an invalid line; here the line is ignored.
//   - A shell allows no white space around "=" and has no colon.
//
// Package [github.com/workerenv/workerenv/devvars/compat] reports such assignments.
//
// # Scope
//
// This package knows the language. Package wrangler knows which files are read, and which of
// several values counts.
package devvars
