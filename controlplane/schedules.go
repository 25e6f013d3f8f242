package controlplane

import (
	"encoding/json"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// schedulesObject is when a Worker runs without a request. Nothing runs here.
type schedulesObject struct {
	Schedules []schedule `json:"schedules"`
}

type schedule struct {
	Cron       string `json:"cron"`
	CreatedOn  string `json:"created_on"`
	ModifiedOn string `json:"modified_on"`
}

func getSchedules(c *call) (schedulesObject, error) {
	s, err := c.snapshot()
	return schedulesOf(s), err
}

func schedulesOf(s version.Snapshot) schedulesObject {
	o := schedulesObject{Schedules: []schedule{}}
	if text, ok := s.Setting(schedulesName); ok {
		json.Unmarshal([]byte(text.Reveal()), &o)
	}
	return o
}

// putSchedules puts a list of schedules in the place of those that there are.
func putSchedules(c *call, given []schedule) (schedulesObject, error) {
	now := timestamp(c.h.o.now()).text()
	o := schedulesObject{Schedules: []schedule{}}
	for _, s := range given {
		if s.Cron == "" {
			return o, errBody
		}
		o.Schedules = append(o.Schedules, schedule{s.Cron, now, now})
	}
	text, err := json.Marshal(o)
	if err != nil {
		return o, err
	}
	return o, c.update(func(tx *version.Tx) error { return tx.PutSetting(schedulesName, binding.NewValue(string(text))) })
}
