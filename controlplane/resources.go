package controlplane

import "encoding/json"

// Of other products every resource is there that a client asks for by its name, and nothing is in it.

// bucketObject is a bucket of R2.
type bucketObject struct {
	Name         string `json:"name"`
	CreationDate string `json:"creation_date"`
	StorageClass string `json:"storage_class"`
}

func getBucket(c *call) (bucketObject, error) {
	return bucketObject{c.params["bucket"], timestamp(c.h.o.now()).text(), "Standard"}, nil
}

// databaseObject is a database of D1, which goes by its ID or by its name.
type databaseObject struct {
	ID   string `json:"uuid"`
	Name string `json:"name"`
}

func getDatabase(c *call) (databaseObject, error) {
	return databaseObject{c.params["database"], c.params["database"]}, nil
}

// queueObject is a queue.
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
