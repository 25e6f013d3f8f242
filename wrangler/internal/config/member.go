package config

import (
	"regexp"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// member is a member of a binding that wrangler checks.
type member struct {
	name string
	is   memberType
	must bool // whether it has to be there
}

// memberType is the type of a member, as a message names it.
type memberType string

const (
	aString  memberType = "a string"
	nonEmpty memberType = "a string that is not empty"
	aNumber  memberType = "a number"
	aBoolean memberType = "true or false"
	aList    memberType = "an array" // of strings; wrangler accepts any object, and null
)

func (t memberType) matches(v jsvalue.Value) bool {
	switch t {
	case nonEmpty:
		return v.Text() != ""
	case aNumber:
		return v.Is(jsvalue.Number)
	case aBoolean:
		return v.Is(jsvalue.Bool)
	case aList:
		return v.Is(jsvalue.Array) || v.Is(jsvalue.ObjectKind) || v.Is(jsvalue.Null) || v.Is(jsvalue.Date)
	}
	return v.Is(jsvalue.String)
}

func must(name string) member                  { return member{name, aString, true} }
func mustBe(name string, is memberType) member { return member{name, is, true} }
func may(name string) member                   { return member{name, aString, false} }
func mayBe(name string, is memberType) member  { return member{name, is, false} }

// remote says whether development uses the real resource.
var remote = mayBe("remote", aBoolean)

// member checks one member of n.
func (c *check) member(n node, m member) {
	switch value := n.get(m.name); {
	case value.isUndefined() && m.must:
		c.fail(value, RuleRequired, "is required; set it to "+string(m.is))
	case !value.isUndefined() && !m.is.matches(value.value):
		c.mustBe(value, string(m.is))
	}
}

func (c *check) members(n node, list ...member) {
	for _, m := range list {
		c.member(n, m)
	}
}

// exclusive requires at most one of two members.
func exclusive(one, other string) func(*check, node) {
	return func(c *check, n node) {
		if n.has(one) && n.has(other) {
			c.fail(n, RuleConflict, `has both "`+one+`" and "`+other+`"; keep one of them`)
		}
	}
}

func checkDurableObject(c *check, n node) {
	if n.has("environment") && !n.has("script_name") {
		c.fail(n.get("environment"), RuleConflict, `needs "script_name" beside it; add that, or remove "environment"`)
	}
}

var (
	workflowName = regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9-_]{0,63}$`)
	bucketName   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`)
)

func checkWorkflow(c *check, n node) {
	if name := n.get("name"); name.isString() && !workflowName.MatchString(name.text()) {
		c.fail(name, RuleFormat, "must be 1 to 64 letters, digits, underscores and hyphens, "+
			"and must not start with a hyphen")
	}
}

func checkBucket(c *check, n node) {
	for _, member := range []string{"bucket_name", "preview_bucket_name"} {
		if name := n.get(member); name.isString() && !bucketName.MatchString(name.text()) {
			c.fail(name, RuleFormat, "must be 3 to 63 lower-case letters, digits and hyphens, "+
				"with a letter or digit at each end")
		}
	}
}

func checkRateLimit(c *check, n node) {
	simple := n.get("simple")
	if !c.wantObject(simple) {
		return
	}
	c.members(simple, mustBe("limit", aNumber), mustBe("period", aNumber))
	period := simple.get("period")
	if seconds := period.value.Float(); period.value.Is(jsvalue.Number) && seconds != 10 && seconds != 60 {
		c.fail(period, RuleChoice, "must be 10 or 60")
	}
}

func checkNetwork(c *check, n node) {
	exclusive("tunnel_id", "network_id")(c, n)
	if !n.has("tunnel_id") && !n.has("network_id") {
		c.fail(n, RuleRequired, `needs one of "tunnel_id", "network_id"; add one`)
	}
}

func checkPipeline(c *check, n node) {
	if n.get("stream").text() == "" && n.get("pipeline").text() == "" {
		c.fail(n.get("stream"), RuleRequired, "is required; set it to a string that is not empty")
	}
}

func checkK2(c *check, n node) {
	if remote := n.get("remote"); remote.value.Is(jsvalue.Bool) && !remote.value.IsTrue() {
		c.fail(remote, RuleChoice, "must be true or left out; a K2 binding always uses the real stream")
	}
}

// checkDispatch checks the Worker that the requests of dispatched Workers go through.
func checkDispatch(c *check, n node) {
	outbound := n.get("outbound")
	if outbound.isUndefined() || !c.wantObject(outbound) {
		return
	}
	c.members(outbound, must("service"), may("environment"))
	if parameters := outbound.get("parameters"); !parameters.isUndefined() {
		c.wantStrings(parameters)
	}
}
