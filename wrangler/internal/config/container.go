package config

import (
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

var instanceTypes = []string{
	"lite", "basic", "standard-1", "standard-2", "standard-3", "standard-4", "dev", "standard",
}

// containers validates the field "containers". Nothing that counts as false is looked at.
func containers(n node) bool { return !n.value.Truthy() || each(containerApp(true))(n) }

// containerApp validates one container. A named one can take its name from its Worker and its class.
func containerApp(named bool) rule {
	return func(n node) bool {
		managed := n.property("scheduling_policy").Text() == "durable_object"
		optional("class_name", text)(n)
		if class := n.get("class_name"); managed && class.value.Is(jsvalue.String) && class.value.Text() == "" {
			class.fail(RuleFormat, "must not be empty")
		}
		optional("name", text)(n)
		if named {
			n.nameContainer(managed)
		}
		if managed {
			return managedContainer(n)
		}
		return plainContainer(n)
	}
}

// nameContainer wants a container to have a name or something to make one from.
func (n node) nameContainer(managed bool) {
	class := n.get("class_name")
	if n.property("name").Truthy() || managed && !class.isUndefined() && class.value.Text() == "" {
		return
	}
	if class.isUndefined() {
		n.failAt("name", RuleRequired, `is required without "class_name"; set one of them`)
		return
	}
	worker := n.level.workerName()
	if !worker.value.Truthy() {
		n.failAt("name", RuleRequired, `is required, since the Worker has no name to make one from; set it or the field "name"`)
		return
	}
	worker.text()
	class.text()
}

// workerName returns what the names of containers start with.
func (l *level) workerName() node {
	name := l.get("name")
	if name.value.IsNullish() && l.top != nil {
		name = l.top.raw.get("name")
	}
	return name
}

// containerName returns the name that a container has or is given, undefined if none.
func (l *level) containerName(n node) jsvalue.Value {
	if name := n.property("name"); name.Truthy() {
		return name
	}
	class, worker := n.get("class_name"), l.workerName()
	if class.isUndefined() || !worker.value.Truthy() ||
		n.property("scheduling_policy").Text() == "durable_object" && class.value.Text() == "" {
		return n.property("name")
	}
	name := worker.text() + "-" + class.text()
	if l.top != nil {
		name += "-" + l.named
	}
	return jsvalue.StringValue(strings.ReplaceAll(strings.ToLower(name), " ", "-"))
}

// plainContainer validates a container that is not managed by Durable Objects.
var plainContainer = every(
	containerHasImage,
	oldConfiguration,
	optional("image_build_context", text),
	containerImage,
	field("rollout_step_percentage", maybe(rolloutSteps)),
	optional("rollout_kind", text, "full_auto", "full_manual", "none"),
	gracePeriod,
	optional("max_instances", number),
	maxInstances,
	optional("image_vars", object),
	field("observability", containerObservability),
	optional("scheduling_policy", text, "regional", "moon", "default"),
	renamed("instances", "max_instances"),
	renamed("durable_objects", "class_name"),
	renamed("wrangler_ssh", "ssh"),
	containerUnsafe,
	fields("name", "instances", "max_instances", "image", "image_build_context", "image_vars", "observability",
		"class_name", "scheduling_policy", "instance_type", "ssh", "wrangler_ssh", "authorized_keys",
		"trusted_user_ca_keys", "configuration", "constraints", "affinities", "rollout_step_percentage",
		"rollout_kind", "durable_objects", "rollout_active_grace_period", "unsafe"),
	ifRecord("configuration", known("image", "secrets", "labels", "disk", "vcpu", "memory_mib")),
	containerSSH,
	ifThere("authorized_keys", publicKeys(true)),
	ifThere("trusted_user_ca_keys", publicKeys(false)),
	optional("constraints", object),
	containerConstraints,
	instanceType,
)

func containerHasImage(n node) bool {
	if n.deep("configuration.image").value.Truthy() || n.property("image").Truthy() {
		return true
	}
	return n.failAt("image", RuleRequired, "is required; set it to the path of a Dockerfile or to an image in a registry")
}

// oldConfiguration warns of the field "configuration".
func oldConfiguration(n node) bool {
	if !n.has("configuration") {
		return true
	}
	old := n.get("configuration")
	old.warn(RuleDeprecated, `is deprecated; move its fields up, and its limits to "instance_type"`)
	if !old.isRecord() {
		return old.mustBe("an object")
	}
	if !n.property("instance_type").Truthy() {
		return true
	}
	for _, limit := range []string{"disk", "vcpu", "memory_mib"} {
		if !old.property(limit).IsUndefined() {
			return old.fail(RuleConflict, `must not set limits beside "instance_type"`)
		}
	}
	return true
}

// renamed warns of a field by its old name.
func renamed(old, name string) rule {
	return func(n node) bool {
		if n.has(old) {
			n.warnAt(old, RuleDeprecated, `is deprecated; use "`+name+`" instead`)
		}
		return true
	}
}

func gracePeriod(n node) bool {
	n = n.get("rollout_active_grace_period")
	if n.isUndefined() || number.of(n.value) && !(n.value.Float() < 0) {
		return true
	}
	n.text()
	return n.fail(RuleRange, "must be a positive number")
}

// maxInstances compares the field "max_instances" with 0 and with the steps of the rollout.
func maxInstances(n node) bool {
	limit, steps := n.get("max_instances"), n.get("rollout_step_percentage")
	if limit.isUndefined() {
		return true
	}
	if limit.number() < 0 {
		limit.text()
		limit.fail(RuleRange, "must be a positive number")
	}
	if steps.isArray() && float64(len(steps.value.Items())) > limit.number() {
		limit.text()
		return steps.fail(RuleConflict, `has more steps than "max_instances" allows`)
	}
	return true
}

func containerUnsafe(n node) bool {
	if !n.has("unsafe") {
		return true
	}
	n = n.get("unsafe")
	return !n.value.Truthy() || n.isRecord() || n.mustBe("an object")
}

func containerSSH(n node) bool {
	if n.has("ssh") {
		return sshConfig(n.get("ssh"))
	}
	return ifThere("wrangler_ssh", sshConfig)(n)
}

// containerConstraints validates where a container may run.
func containerConstraints(n node) bool {
	n = n.get("constraints")
	if !n.isObject() {
		return true
	}
	if n.has("tier") {
		n.warnAt("tier", RuleDeprecated, `is deprecated; use "tiers" instead`)
		exclusive("tier", "tiers")(n)
	}
	return every(
		field("tiers", maybe(listOf(number))),
		optional("jurisdiction", text),
		field("jurisdiction", func(n node) bool { return !n.value.Truthy() || oneOf("eu", "fedramp", "us")(n) }),
		field("regions", maybe(inTurn(listOf(text), each(region)))),
	)(n)
}

var regionNames = []string{"ENAM", "WNAM", "EEUR", "WEUR", "APAC", "SAM", "ME", "OC", "AFR"}

func region(n node) bool {
	if !n.value.Is(jsvalue.String) || slices.Contains(regionNames, strings.ToUpper(n.value.Text())) {
		return true
	}
	return n.fail(RuleChoice, "must be one of "+quoted(regionNames))
}

// instanceType validates the size of a container, by name or by number.
func instanceType(n node) bool {
	n = n.get("instance_type")
	if n.value.Is(jsvalue.String) {
		n.warnOldInstanceType()
		return oneOf(instanceTypes...)(n)
	}
	if !is(object)(n) || !n.value.Truthy() {
		return true
	}
	return every(
		optional("vcpu", number), optional("memory_mib", number), optional("disk_mb", number),
		fields("vcpu", "memory_mib", "disk_mb"),
	)(n)
}

func (n node) warnOldInstanceType() {
	switch n.value.Text() {
	case "dev":
		n.warn(RuleDeprecated, `is deprecated; rename it to "lite"`)
	case "standard":
		n.warn(RuleDeprecated, `is deprecated; rename it to "standard-1"`)
	}
}
