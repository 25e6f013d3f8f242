package config

import (
	"strconv"
)

var placementTargets = []string{"region", "host", "hostname"}

// placement validates the field "placement", in its two formats: smart with a hint, and targeted.
func placement(n node) bool {
	if n.isUndefined() {
		return true
	}
	if !n.isRecord() {
		return n.mustBe("an object")
	}
	var targets []string
	for _, name := range placementTargets {
		if n.has(name) {
			targets = append(targets, name)
		}
	}
	hinted := n.has("hint")
	switch {
	case hinted && len(targets) > 0:
		return n.fail(RuleConflict, `has a "hint" beside `+quoted(targets)+"; keep one of them")
	case hinted:
		n.smartPlacement()
	case len(targets) > 0:
		n.targetedPlacement(targets)
	default:
		n.plainPlacement()
	}
	return true
}

func (n node) smartPlacement() {
	required("mode", text, "off", "smart")(n)
	mode, hint := n.get("mode"), n.get("hint")
	if !hint.isUndefined() && !text.of(hint.value) {
		mode.text()
		hint.mustBe("a string")
	}
	if hint.value.Truthy() && mode.value.Text() != "smart" {
		hint.fail(RuleConflict, `can be set only if "mode" is "smart"`)
	}
}

func (n node) targetedPlacement(targets []string) {
	optional("mode", text, "targeted")(n)
	for _, name := range targets {
		required(name, text)(n)
		if target := n.get(name); text.of(target.value) && target.value.Text() == "" {
			target.fail(RuleFormat, "must not be empty")
		}
	}
	if len(targets) > 1 {
		n.fail(RuleConflict, "has "+strconv.Itoa(len(targets))+" of the fields "+quoted(placementTargets)+
			"; keep one of them")
	}
}

func (n node) plainPlacement() {
	required("mode", text, "off", "smart", "targeted")(n)
	if n.property("mode").Text() == "targeted" {
		atLeastOne(text, placementTargets...)(n)
	}
}
