package config

import (
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// sshConfig validates how a container is reached with SSH.
func sshConfig(n node) bool {
	if !n.isObject() {
		n.value = noFields
	}
	ok := required("enabled", boolean)(n)
	port := n.get("port")
	return (port.isUndefined() || port.isIntegerIn(1, 65535)) && ok
}

// publicKeys validates a list of keys, with or without names.
func publicKeys(named bool) rule {
	name := optional("name", text)
	if named {
		name = required("name", text)
	}
	return each(record(name, required("public_key", text), edKey))
}

func edKey(n node) bool {
	n = n.get("public_key")
	if !n.value.Is(jsvalue.String) || strings.HasPrefix(strings.ToLower(n.value.Text()), "ssh-ed25519") {
		return true
	}
	return n.fail(RuleChoice, "must be an ED25519 key")
}

var rolloutPercentages = []float64{5, 10, 20, 25, 50, 100}

// rolloutSteps wants one percentage, or a list of them that ascends to 100.
func rolloutSteps(n node) bool {
	switch {
	case n.isArray():
		return n.rolloutList()
	case !number.of(n.value):
		n.text()
		return n.mustBe("a number or an array of numbers")
	}
	return slices.Contains(rolloutPercentages, n.value.Float()) ||
		n.fail(RuleChoice, "must be one of 5, 10, 20, 25, 50, 100")
}

// rolloutList counts only the numbers of the list, and so compares with the wrong ones if there is anything else.
func (n node) rolloutList() bool {
	items := n.value.Items()
	index, ascending, wrong, beyond := 0, true, false, false
	for i, item := range items {
		if !number.of(item) {
			wrong = true
			n.at(i).text()
			continue
		}
		step := item.Float()
		beyond = beyond || step < 10 || step > 100
		if ascending && index > 0 && step < n.at(index-1).number() {
			n.text()
			ascending = n.fail(RuleRange, "must ascend")
		}
		if index == len(items)-1 && step != 100 {
			n.at(i).fail(RuleRange, "must be 100, as the last step")
		}
		index++
	}
	if wrong {
		n.fail(RuleType, "must have only numbers")
	}
	return !beyond || n.fail(RuleRange, "must have only numbers from 10 to 100")
}

// managedContainer validates a container that is managed by Durable Objects.
func managedContainer(n node) bool {
	return every(
		field("images", maybe(containerImages)),
		field("observability", containerObservability),
		noTargets,
		field("unsafe", maybe(managedUnsafe)),
		managedFields,
		ifThere("ssh", sshConfig),
		ifThere("authorized_keys", publicKeys(true)),
	)(n)
}

func noTargets(n node) bool {
	if n.deep("observability.target_instance_count").isUndefined() &&
		n.deep("observability.target_instance_percentage").isUndefined() {
		return true
	}
	return n.failAt("observability", RuleConflict, "cannot target instances of a container that Durable Objects manage")
}

// managedUnsafe allows one thing only.
func managedUnsafe(n node) bool {
	if !n.isRecord() {
		return n.mustBe("an object")
	}
	configuration := n.get("configuration")
	if len(without(keys(n.value), []string{"configuration"})) > 0 || !configuration.isUndefined() &&
		(!configuration.isRecord() || len(without(keys(configuration.value), []string{"experimental_flags"})) > 0) {
		return n.fail(RuleConflict, `can have only "configuration.experimental_flags" where Durable Objects manage the container`)
	}
	return configuration.isUndefined() || texts(configuration.get("experimental_flags"))
}

var managedNames = []string{
	"name", "class_name", "scheduling_policy", "images", "observability", "ssh", "authorized_keys", "unsafe",
}

func managedFields(n node) bool {
	wrong := without(keys(n.value), managedNames)
	if len(wrong) == 0 {
		return true
	}
	return n.fail(RuleConflict, "cannot have "+quoted(wrong)+" where Durable Objects manage the container; only "+
		quoted(managedNames)+" are supported")
}

// previewContainers validates the containers of previews, which are named by wrangler.
func previewContainers(n node) bool {
	if n.isArray() && !n.arePreviewContainers() {
		return false
	}
	return !n.value.Truthy() || each(containerApp(false))(n)
}

func (n node) arePreviewContainers() bool {
	var managed, named []string
	repeated := false
	seen := map[string]bool{}
	for i := range n.value.Items() {
		item := n.at(i)
		if !item.isObject() {
			continue
		}
		if item.property("scheduling_policy").Text() == "durable_object" {
			managed = append(managed, item.key)
		}
		if item.has("name") {
			named = append(named, item.key)
		}
		if class := item.property("class_name"); class.Is(jsvalue.String) {
			repeated = repeated || seen[class.Text()]
			seen[class.Text()] = true
		}
	}
	switch {
	case len(managed) > 0:
		return n.fail(RuleConflict, `must not have the scheduling_policy "durable_object" in `+strings.Join(managed, ", "))
	case len(named) > 0:
		return n.fail(RuleConflict, "must not name a container, as "+strings.Join(named, ", ")+
			` do; remove the "name" and set "class_name"`)
	case repeated:
		return n.fail(RuleUnique, "has several containers for one Durable Object class; keep one for each")
	}
	return true
}
