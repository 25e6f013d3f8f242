package config

import (
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// links is what linkContainers knows about the containers and exports of a level.
type links struct {
	*level
	containers []linked
	byName     map[string]bool
	exports    *jsvalue.Object     // class -> its export
	live       map[string]bool     // classes that exist now
	claims     map[string][]string // container -> live classes that name it
	claimed    map[string]bool     // containers that any class names
	crowded    map[string]bool     // classes with several containers
}

// linked is one container.
type linked struct {
	node
	title jsvalue.Value // its name, given or made
	class jsvalue.Value
}

// linkContainers wants containers and the exports of Durable Objects to refer to each other consistently.
func linkContainers(l *level) {
	elsewhere := l.containersElsewhere()
	list := l.field("containers")
	if !list.isUndefined() && !list.isArray() || list.isUndefined() && elsewhere {
		return
	}
	s := &links{level: l, byName: map[string]bool{}, live: map[string]bool{}, claims: map[string][]string{},
		claimed: map[string]bool{}, crowded: map[string]bool{}, exports: jsvalue.NewObject()}
	for i := range list.value.Items() {
		n := list.at(i)
		s.containers = append(s.containers, linked{n, l.containerName(n), n.property("class_name")})
	}
	s.refuseSameNames(list)
	s.refuseSameClasses(list)
	s.linkExports()
	for _, c := range s.containers {
		if c.title.Is(jsvalue.String) {
			s.linkContainer(c)
		}
	}
}

// containersElsewhere reports whether another level has containers: the top level, or some environment of it.
func (l *level) containersElsewhere() bool {
	if l.top != nil {
		return !l.top.raw.property("containers").IsUndefined()
	}
	if !l.raw.has("env") {
		return false
	}
	environments := l.raw.get("env")
	if environments.value.IsNullish() {
		return false
	}
	for _, e := range environments.children() {
		if !e.value.IsNullish() && !e.property("containers").IsUndefined() {
			return true
		}
	}
	return false
}

func (s *links) refuseSameNames(list node) {
	same := map[string]int{}
	for _, c := range s.containers {
		if c.title.Is(jsvalue.String) {
			same[c.title.Text()]++
			s.byName[c.title.Text()] = true
		}
	}
	for range repeatedKeys(same) {
		list.fail(RuleUnique, "has containers of the same name; give each a name of its own")
	}
}

func (s *links) refuseSameClasses(list node) {
	same := map[string]int{}
	for _, c := range s.containers {
		if c.class.Is(jsvalue.String) {
			same[c.class.Text()]++
		}
	}
	for _, class := range repeatedKeys(same) {
		s.crowded[class] = true
		list.fail(RuleUnique, "has several containers for one Durable Object class; keep one for each")
	}
}

func repeatedKeys(count map[string]int) []string {
	var repeated []string
	for key, n := range count {
		if n > 1 {
			repeated = append(repeated, key)
		}
	}
	slices.Sort(repeated)
	return repeated
}

// linkExports finds the container of each class.
func (s *links) linkExports() {
	var order []node
	for _, export := range s.exportsOf("durable-object") {
		s.exports.Set(export.name, export.value)
		container := export.get("container")
		if container.value.Is(jsvalue.String) {
			s.claimed[container.value.Text()] = true
		}
		if !export.isLiveState() {
			continue
		}
		s.live[export.name] = true
		name := container.value.Text()
		if name == "" {
			continue
		}
		if !s.byName[name] {
			container.fail(RuleReference, `names no container of the field "containers"`)
			continue
		}
		if s.claims[name] == nil {
			order = append(order, container)
		}
		s.claims[name] = append(s.claims[name], export.name)
	}
	for _, container := range order {
		if classes := s.claims[container.value.Text()]; len(classes) > 1 {
			container.fail(RuleReference, "names the same container as other classes, of "+strings.Join(classes, ", ")+
				"; a container can serve one class only")
		}
	}
}

// isLiveState is isLive, but for a state that is null.
func (n node) isLiveState() bool { return n.isLive() && !n.property("state").Is(jsvalue.Null) }

// linkContainer wants a container to belong to a class that agrees.
func (s *links) linkContainer(c linked) {
	name := c.title.Text()
	if c.class.IsUndefined() {
		if !s.claimed[name] {
			c.fail(RuleReference, `belongs to no Durable Object; set "class_name", or name it in "exports"`)
		}
		return
	}
	class := c.get("class_name").text()
	if c.class.Is(jsvalue.String) && s.crowded[class] {
		return
	}
	s.compare(c, name, class)
}

// compare wants what the container says of its class to agree with what "exports" says.
func (s *links) compare(c linked, name, class string) {
	export := s.exports.Get(class)
	named := undefined
	if !export.IsUndefined() {
		named, _ = property(export, "container")
	}
	storage, _ := property(export, "storage")
	claims := s.claims[name]
	switch {
	case named.Is(jsvalue.String) && named.Text() != name:
		c.failAt("class_name", RuleReference, `is a class that names another container in "exports"`)
	case len(claims) == 1 && !(c.class.Is(jsvalue.String) && claims[0] == class):
		c.failAt("class_name", RuleReference, `is not the class "`+claims[0]+`" that names this container in "exports"`)
	case s.exports.Len() > 0 && !(c.class.Is(jsvalue.String) && s.live[class]):
		c.failAt("class_name", RuleReference, `has no live entry of type "durable-object" in "exports"`)
	case named.IsUndefined() && storage.Text() == "legacy-kv":
		c.failAt("class_name", RuleReference, `is a class with "storage" "legacy-kv", which cannot have a container`)
	}
}
