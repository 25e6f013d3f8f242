package config

import (
	"strconv"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

const routeShape = "a string, or an object with a pattern and zone_id, zone_name or custom_domain"

func route(n node) bool {
	return n.isUndefined() || n.isRoute() || n.fail(RuleFormat, "must be "+routeShape)
}

// isRoute is more than a rule: one wrong detail makes the whole route wrong, and nothing says which.
func (n node) isRoute() bool {
	switch {
	case !n.value.Truthy():
		return false
	case n.value.Is(jsvalue.String):
		return true
	case !object.of(n.value):
		return false
	}
	return n.has("pattern") && n.property("pattern").Is(jsvalue.String) && n.hasRouteFields()
}

func (n node) hasRouteFields() bool {
	zoneID := n.isField("zone_id", text)
	zoneName := n.isField("zone_name", text)
	custom := n.isField("custom_domain", boolean)
	enabled := n.isField("enabled", boolean)
	previews := n.isField("previews_enabled", boolean)
	recognized := 0
	for _, has := range []bool{zoneID, zoneName, custom, enabled, previews} {
		if has {
			recognized++
		}
	}
	switch {
	case recognized != len(keys(n.value))-1:
		return false
	case zoneID && zoneName, (enabled || previews) && !custom:
		return false
	}
	return zoneID || zoneName || custom
}

func (n node) isField(name string, want kind) bool {
	return n.has(name) && want.of(n.property(name))
}

// routes validates the field "routes", which must not stand beside "route".
func routes(n node) bool {
	ok := n.areRoutes()
	if !n.isUndefined() && !n.level.get("route").isUndefined() {
		ok = n.fail(RuleConflict, `cannot stand beside the field "route"; keep one of them`)
	}
	if n.isUndefined() && n.level.top != nil {
		n.warnCustomDomains()
	}
	return ok
}

func (n node) areRoutes() bool {
	if n.isUndefined() {
		return true
	}
	if !n.isArray() {
		return n.mustBe("an array")
	}
	wrong := 0
	for i := range n.value.Items() {
		if !n.at(i).isRoute() {
			wrong++
		}
	}
	if wrong > 0 {
		return n.fail(RuleFormat, strconv.Itoa(wrong)+" of its elements are wrong; each must be "+routeShape)
	}
	return true
}

// warnCustomDomains warns of custom domains that the environment takes away from the top level by inheriting them.
func (n node) warnCustomDomains() {
	routes := n.level.top.field("routes")
	if routes.value.IsNullish() {
		return
	}
	if !routes.isArray() {
		routes.throw("filter")
		return
	}
	custom := false
	for i := range routes.value.Items() {
		r := routes.at(i)
		if r.isObject() && r.property("custom_domain").IsTrue() {
			custom = true
			r.get("pattern").text()
		}
	}
	if custom {
		n.warn(RuleInherited, "is inherited from the top level with custom domains, so that a deployment of this "+
			"environment takes them from the top level's Worker; add an empty list of routes to the environment")
	}
}
