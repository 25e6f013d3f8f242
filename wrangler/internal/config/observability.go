package config

// observability validates the field "observability".
func observability(n node) bool {
	return maybe(entity(
		atLeastOne(boolean, "enabled", "logs.enabled", "traces.enabled", "issues.enabled"),
		optional("head_sampling_rate", number),
		optional("redact_query_string", boolean),
		field("issues", maybe(record())),
		optional("logs", object),
		optional("traces", object),
		known("enabled", "head_sampling_rate", "redact_query_string", "issues", "logs", "traces"),
		ifRecord("issues", optional("enabled", boolean), known("enabled")),
		ifObject("logs",
			optional("enabled", boolean),
			optional("head_sampling_rate", number),
			optional("invocation_logs", boolean),
			field("destinations", maybe(listOf(text))),
			optional("persist", boolean),
			known("enabled", "head_sampling_rate", "invocation_logs", "destinations", "persist"),
		),
		ifObject("traces",
			optional("enabled", boolean),
			optional("head_sampling_rate", number),
			field("destinations", maybe(listOf(text))),
			optional("persist", boolean),
			known("enabled", "head_sampling_rate", "destinations", "persist"),
		),
		samplingRate("head_sampling_rate"),
		samplingRate("logs.head_sampling_rate"),
		samplingRate("traces.head_sampling_rate"),
	))(n)
}

// ifRecord applies the rules to a field that is an object.
func ifRecord(name string, rules ...rule) rule {
	r := every(rules...)
	return func(n node) bool { n = n.get(name); return !n.isRecord() || r(n) }
}

// ifObject applies the rules to a field that is an object to typeof, with the TypeError that comes of null.
func ifObject(name string, rules ...rule) rule {
	r := every(rules...)
	return func(n node) bool { n = n.get(name); return !object.of(n.value) || r(n) }
}

// samplingRate wants a number from 0 to 1, or something that compares like one.
func samplingRate(path string) rule {
	return func(n node) bool {
		n = n.deep(path)
		if !n.value.Truthy() {
			return true
		}
		if rate := n.number(); rate < 0 || rate > 1 {
			return n.fail(RuleRange, "must be from 0 to 1")
		}
		return true
	}
}

// containerObservability validates the field "observability" of a container.
var containerObservability = maybe(record(
	optional("enabled", boolean),
	field("logs", maybe(record(optional("enabled", boolean), known("enabled")))),
	containerLogsEnabled,
	optional("target_instance_percentage", number),
	optional("target_instance_count", number),
	known("enabled", "logs", "target_instance_percentage", "target_instance_count"),
	logsAgree,
	exclusive("target_instance_percentage", "target_instance_count"),
	field("target_instance_percentage", ifNumber(percentage)),
	field("target_instance_count", ifNumber(positive)),
	needsLogs("target_instance_percentage"),
	needsLogs("target_instance_count"),
))

// containerLogsEnabled wants something to be said, unless instances are targeted.
func containerLogsEnabled(n node) bool {
	logs := n.get("logs")
	switch {
	case !n.property("enabled").IsUndefined(),
		!n.property("target_instance_percentage").IsUndefined(),
		!n.property("target_instance_count").IsUndefined(),
		!logs.isUndefined() && !(logs.isRecord() && logs.property("enabled").IsUndefined()):
		return true
	}
	return atLeastOne(boolean, "enabled", "logs.enabled")(n)
}

func logsAgree(n node) bool {
	enabled, logs := n.get("enabled"), n.deep("logs.enabled")
	if boolean.of(enabled.value) && boolean.of(logs.value) && enabled.value.IsTrue() != logs.value.IsTrue() {
		return logs.fail(RuleConflict, `must not differ from the field "enabled" beside "logs"`)
	}
	return true
}

// ifNumber applies the rule to a number.
func ifNumber(r rule) rule {
	return func(n node) bool { return !number.of(n.value) || r(n) }
}

func percentage(n node) bool { return n.isIntegerIn(1, 99) }

// needsLogs refuses a target where nothing is observed.
func needsLogs(name string) rule {
	return func(n node) bool {
		if n.property(name).IsUndefined() || n.deep("logs.enabled").value.IsTrue() || n.property("enabled").IsTrue() {
			return true
		}
		return n.failAt(name, RuleConflict, `needs "enabled" or "logs.enabled" to be true`)
	}
}
