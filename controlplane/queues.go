package controlplane

import "encoding/json"

// queueObject is a queue. Here every one is there, and nothing is in it.
type queueObject struct {
	ID             string   `json:"queue_id"`
	Name           string   `json:"queue_name"`
	Consumers      []string `json:"consumers"`
	Producers      []string `json:"producers"`
	ConsumersCount int      `json:"consumers_total_count"`
	ProducersCount int      `json:"producers_total_count"`
}

// listQueues finds the queue that the query names.
func listQueues(c *call) (paged, error) {
	list := []queueObject{}
	if name := c.r.URL.Query().Get("name"); name != "" {
		list = append(list, queueObject{ID: idOf(name), Name: name, Consumers: []string{}, Producers: []string{}})
	}
	return paged{list, resultInfo{1, 100, len(list), len(list)}}, nil
}

// addConsumer takes a consumer for what it says it is. None is kept.
func addConsumer(c *call, consumer map[string]json.RawMessage) (map[string]json.RawMessage, error) {
	if consumer == nil {
		return nil, errBody
	}
	return consumer, nil
}
