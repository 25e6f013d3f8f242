package config

import "github.com/workerenv/workerenv/internal/jsvalue"

// cloudchamber validates the field "cloudchamber".
func cloudchamber(n node) bool {
	return record(
		optional("memory", text), optional("image", text), optional("location", text),
		optional("ipv4", boolean),
		optional("vcpu", number),
		cloudchamberInstance,
	)(n)
}

func cloudchamberInstance(n node) bool {
	instance := n.get("instance_type")
	if instance.isUndefined() {
		return true
	}
	ok := instance.value.Is(jsvalue.String) && oneOf(instanceTypes...)(instance)
	if !instance.value.Is(jsvalue.String) {
		instance.text()
		instance.fail(RuleChoice, "must be one of "+quoted(instanceTypes))
	}
	if !n.property("memory").IsUndefined() || !n.property("vcpu").IsUndefined() {
		ok = instance.fail(RuleConflict, `cannot stand beside "memory" or "vcpu"; keep one`)
	}
	return ok
}
