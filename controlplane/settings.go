package controlplane

import (
	"encoding/json"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// The names of settings, see [version.Tx.PutSetting].
const (
	scriptSettingsName = "script-settings" // the JSON object of what no version has
	subdomainName      = "subdomain"       // the JSON object of a subdomainSetting; among those of an account, a name
	deletedName        = "deleted"         // the JSON object of a deleted
	schedulesName      = "schedules"       // the JSON object of a schedulesObject
	migrationTagName   = "migration-tag"   // the tag of the last migration of Durable Objects
	triggersName       = "triggers"        // among those of an account: the JSON object of triggers
)

// settings are those of a Worker that no version has.
type settings struct {
	Logpush       bool            `json:"logpush"`
	Observability json.RawMessage `json:"observability"`
	TailConsumers json.RawMessage `json:"tail_consumers"`
	Tags          []string        `json:"tags"`
}

// settingsOf returns the settings of a Worker. What does not have the form that it should have is as if it were not there.
func settingsOf(s version.Snapshot) settings {
	set := settings{Observability: json.RawMessage("null"), TailConsumers: json.RawMessage("null")}
	json.Unmarshal(storedSettings(s), &set)
	if set.Tags == nil {
		set.Tags = []string{}
	}
	return set
}

// observability returns the observability of s where null may not stand for what has not been set: nil then.
func (s settings) observability() json.RawMessage {
	if string(s.Observability) == "null" {
		return nil
	}
	return s.Observability
}

func storedSettings(s version.Snapshot) []byte {
	text, ok := s.Setting(scriptSettingsName)
	if !ok {
		return []byte("{}")
	}
	return []byte(text.Reveal())
}

func getScriptSettings(c *call) (settings, error) {
	s, err := c.snapshot()
	return settingsOf(s), err
}

// patchScriptSettings replaces those settings that the body has. Null puts one back to what it is in a new Worker.
func patchScriptSettings(c *call, patch json.RawMessage) (settings, error) {
	if json.Unmarshal(patch, new(settings)) != nil {
		return settings{}, errBody
	}
	var result settings
	err := c.update(func(tx *version.Tx) error {
		merged, err := mergeObject(storedSettings(tx.Snapshot()), patch)
		if err != nil {
			return err
		}
		if err := tx.PutSetting(scriptSettingsName, binding.NewValue(string(merged))); err != nil {
			return err
		}
		result = settingsOf(tx.Snapshot())
		return nil
	})
	return result, err
}

// mergeObject returns base with the members of patch in the place of its own, and without those that are null in patch.
func mergeObject(base, patch []byte) ([]byte, error) {
	old, err := members(base)
	if err != nil {
		return nil, err
	}
	changes, err := members(patch)
	if err != nil {
		return nil, err
	}
	given := make(map[string]bool, len(changes))
	for _, m := range changes {
		given[m.key] = true
	}
	old = slices.DeleteFunc(old, func(m member) bool { return given[m.key] })
	changes = slices.DeleteFunc(changes, func(m member) bool { return string(m.value) == "null" })
	return object(append(old, changes...)), nil
}
