package config

var artifactEvents = []string{
	"cf.artifacts.repo.created", "cf.artifacts.repo.deleted", "cf.artifacts.repo.forked",
	"cf.artifacts.repo.imported", "cf.artifacts.repo.pushed", "cf.artifacts.repo.cloned",
	"cf.artifacts.repo.fetched", "cf.artifacts.repo.token.created", "cf.artifacts.repo.token.revoked",
}

// triggers validates the field "triggers".
func triggers(n node) bool {
	if n.value.IsNullish() {
		return true
	}
	return record(
		ifThere("crons", isList),
		ifThere("events", each(event)),
		known("crons", "events"),
	)(n)
}

func isList(n node) bool { return n.isArray() || n.mustBe("an array") }

var event = record(
	required("type", text, artifactEvents...),
	field("filter", maybe(record(eventFilter))),
	field("targets", filledList, eachIfList(eventTarget)),
	known("type", "filter", "targets"),
)

func eventFilter(n node) bool {
	for _, f := range n.children() {
		if f.name != "namespace" && f.name != "repo_name" || f.value.Text() == "" {
			return n.fail(RuleFormat, `must have only the fields "namespace" and "repo_name", with strings that are not empty`)
		}
	}
	return true
}

func filledList(n node) bool {
	return n.isArray() && len(n.value.Items()) > 0 || n.fail(RuleType, "must be an array that is not empty")
}

func eachIfList(r rule) rule {
	return func(n node) bool { return !n.isArray() || each(r)(n) }
}

func eventTarget(n node) bool {
	if n.isRecord() && n.property("type").Text() == "workflow" && n.property("workflow_name").Text() != "" {
		return known("type", "workflow_name")(n)
	}
	return n.fail(RuleFormat, `must be an object of "type" "workflow" with a "workflow_name" that is not empty`)
}
