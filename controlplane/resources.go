package controlplane

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"github.com/workerenv/workerenv/version"
)

// Queues, buckets and databases exist for any name that a client asks for, which is the ID as well, and
// are empty.

// bucketResult is a bucket of R2.
type bucketResult struct {
	Name         string    `json:"name"`
	CreationDate timestamp `json:"creation_date"`
	StorageClass string    `json:"storage_class"`
}

func getBucket(c *call) (any, error) {
	return bucketResult{c.r.PathValue("bucket"), timestamp(c.h.o.Now()), "Standard"}, nil
}

// databaseResult is a database of D1, which a path names by its ID or its name.
type databaseResult struct {
	ID   string `json:"uuid"`
	Name string `json:"name"`
}

func getDatabase(c *call) (any, error) {
	name := c.r.PathValue("database")
	return databaseResult{name, name}, nil
}

// queueResult is a queue.
type queueResult struct {
	ID             string     `json:"queue_id"`
	Name           string     `json:"queue_name"`
	Consumers      []consumer `json:"consumers"`
	Producers      []string   `json:"producers"` // always empty
	ConsumersCount int        `json:"consumers_total_count"`
	ProducersCount int        `json:"producers_total_count"`
}

func (t triggers) showQueue(name string) queueResult {
	q := queueResult{ID: name, Name: name, Consumers: []consumer{}, Producers: []string{}}
	if c, ok := t.Consumers[name]; ok {
		q.Consumers, q.ConsumersCount = append(q.Consumers, t.showConsumer(c)), 1
	}
	return q
}

// listQueues finds the queues whose names are in the query.
func listQueues(c *call) (any, error) {
	t, err := c.triggers()
	names := slices.Clone(c.r.URL.Query()["name"])
	slices.Sort(names)
	list := []queueResult{}
	for _, name := range slices.Compact(names) {
		list = append(list, t.showQueue(name))
	}
	return page{list, resultInfo{1, 100, len(list), len(list)}}, err
}

func getQueue(c *call) (any, error) {
	t, err := c.triggers()
	return t.showQueue(c.r.PathValue("queue")), err
}

// consumer is what takes the messages of a queue: a Worker, or clients that pull them.
type consumer struct {
	ID              string    `json:"consumer_id"`
	QueueID         string    `json:"queue_id"`
	QueueName       string    `json:"queue_name"`
	Type            string    `json:"type"`
	DeadLetterQueue string    `json:"dead_letter_queue,omitempty"`
	Settings        rawMember `json:"settings,omitempty"`
	CreatedOn       string    `json:"created_on"`

	Worker     string `json:"worker,omitempty"`      // its ID, only in the Store
	Script     string `json:"script,omitempty"`      // its name, only in answers: wrangler reads this one,
	ScriptName string `json:"script_name,omitempty"` // and the SDKs this one
}

func (t triggers) showConsumer(c consumer) consumer {
	name := t.names[c.Worker]
	c.Worker, c.Script, c.ScriptName = "", name, name
	return c
}

// listWorkerConsumers lists the queues whose consumer is the Worker in the path.
func listWorkerConsumers(c *call) (any, error) {
	if _, err := c.history(); err != nil {
		return nil, err
	}
	return c.consumers(c.script())
}

// consumers returns the queues, by name, whose consumer is a Worker.
func (c *call) consumers(worker string) ([]consumer, error) {
	t, err := c.triggers()
	list := []consumer{}
	for _, queue := range slices.Sorted(maps.Keys(t.Consumers)) {
		if shown := t.showConsumer(t.Consumers[queue]); shown.Script == worker {
			list = append(list, shown)
		}
	}
	return list, err
}

func listConsumers(c *call) (any, error) {
	t, err := c.triggers()
	return t.showQueue(c.r.PathValue("queue")).Consumers, err
}

var (
	errNoConsumer     = refuse(404, 11003, "This consumer does not exist.")
	errConsumerExists = refuse(409, 11004, "workers.api.error.consumer_exists")
)

func getConsumer(c *call) (any, error) {
	t, err := c.triggers()
	found := t.Consumers[c.r.PathValue("queue")]
	if err == nil && found.ID != c.r.PathValue("consumer") {
		err = errNoConsumer
	}
	return t.showConsumer(found), err
}

// consumerBody is a consumer in a request.
type consumerBody struct {
	Type            string
	ScriptName      string    `json:"script_name"`
	EnvironmentName string    `json:"environment_name"`
	DeadLetterQueue string    `json:"dead_letter_queue"`
	Settings        rawMember `json:"settings"`
}

// worker returns the ID of the Worker that b names, "" if clients pull messages.
func (b consumerBody) worker(c *call) (string, error) {
	switch {
	case b.EnvironmentName != "" && b.EnvironmentName != production:
		return "", errEnvironment
	case b.Type == "http_pull" && b.ScriptName == "":
		return "", nil
	case b.Type != "worker":
		return "", errBody
	}
	w, err := c.account.Worker(c.ctx(), b.ScriptName)
	return w.ID, err
}

// putConsumer adds the consumer of a queue, which can have only one, or changes the one in the path.
func putConsumer(c *call, b consumerBody) (any, error) {
	worker, err := b.worker(c)
	if err != nil {
		return nil, err
	}
	queue, id := c.r.PathValue("queue"), c.r.PathValue("consumer")
	made := consumer{
		ID: id, QueueID: queue, QueueName: queue, Type: b.Type, Worker: worker,
		DeadLetterQueue: b.DeadLetterQueue, Settings: b.Settings,
	}
	err = c.updateTriggers(func(t triggers) error {
		old, exists := t.Consumers[queue]
		made.CreatedOn = old.CreatedOn
		switch {
		case id == "" && exists:
			return errConsumerExists
		case id == "":
			made.ID, made.CreatedOn = idOf(queue+"/consumer"), timestamp(c.h.o.Now()).String()
		case id != old.ID:
			return errNoConsumer
		}
		t.Consumers[queue] = made
		return nil
	})
	return triggers{names: map[string]string{worker: b.ScriptName}}.showConsumer(made), err
}

func deleteConsumer(c *call) (any, error) {
	queue := c.r.PathValue("queue")
	return nil, c.updateTriggers(func(t triggers) error {
		if t.Consumers[queue].ID != c.r.PathValue("consumer") {
			return errNoConsumer
		}
		delete(t.Consumers, queue)
		return nil
	})
}

// listNothing lists what no account has here: tails, and resources of other products.
func listNothing(*call) (any, error) { return page{[]string{}, resultInfo{Page: 1, PerPage: 100}}, nil }

// listNone lists what no Worker has here: tails.
func listNone(*call, version.Snapshot) (any, error) { return []string{}, nil }

// idOf returns an ID for a name.
func idOf(name string) string {
	hash := sha256.Sum256([]byte(name))
	return hex.EncodeToString(hash[:16])
}
