package config

import "strconv"

// queues validates the field "queues".
func queues(n node) bool {
	return maybe(record(
		known("consumers", "producers"),
		ifThere("consumers", each(queueConsumer)),
		ifThere("producers", bindings(queueProducer)),
	))(n)
}

// ifThere applies the rule to a field that is there.
func ifThere(name string, r rule) rule {
	return func(n node) bool { return !n.has(name) || r(n.get(name)) }
}

var queueConsumer = entity(
	known("queue", "type", "max_batch_size", "max_batch_timeout", "max_retries", "dead_letter_queue",
		"max_concurrency", "visibility_timeout_ms", "retry_delay"),
	required("queue", text),
	workerConsumer,
	optional("type", text),
	optional("max_batch_size", number),
	optional("max_batch_timeout", number),
	optional("max_retries", number),
	optional("dead_letter_queue", text),
	optional("max_concurrency", number),
	optional("visibility_timeout_ms", number),
	optional("retry_delay", number),
)

func workerConsumer(n node) bool {
	n = n.get("type")
	if n.isUndefined() || n.value.Text() == "worker" {
		return true
	}
	n.text()
	return n.fail(RuleChoice, `must be "worker" or left out`)
}

// connect validates the field "connect".
func connect(n node) bool {
	return maybe(every(each(connectHandler), uniquePorts))(n)
}

var connectHandler = entity(
	func(n node) bool {
		names := []string{"protocol", "port", "address"}
		if n.isUDP() {
			names = append(names, "idle_timeout_ms", "max_pending_bytes")
		}
		return known(names...)(n)
	},
	required("protocol", text, "tcp", "udp"),
	required("port", number),
	portNumber,
	optional("address", text),
	udpLimits,
)

func (n node) isUDP() bool { return n.property("protocol").Text() == "udp" }

func portNumber(n node) bool {
	port := n.get("port")
	return !number.of(port.value) || port.isIntegerIn(1, 65535)
}

func udpLimits(n node) bool {
	if !n.isUDP() {
		return true
	}
	ok := true
	for _, name := range []string{"idle_timeout_ms", "max_pending_bytes"} {
		if n.has(name) {
			ok = n.get(name).isIntegerIn(0, 1<<32-1) && ok
		}
	}
	return ok
}

func (n node) isIntegerIn(low, high int64) bool {
	if f := n.value.Float(); isInteger(n.value) && f >= float64(low) && f <= float64(high) {
		return true
	}
	return n.fail(RuleRange, "must be an integer from "+strconv.FormatInt(low, 10)+" to "+strconv.FormatInt(high, 10))
}

// uniquePorts wants every protocol and port once.
func uniquePorts(n node) bool {
	ok := true
	first := map[string]string{}
	for i := range n.value.Items() {
		handler := n.at(i)
		if !handler.isObject() {
			continue
		}
		protocol, port := handler.property("protocol"), handler.property("port")
		if !text.of(protocol) || !number.of(port) {
			continue
		}
		id := protocol.Text() + ":" + numberText(port.Float())
		if other, found := first[id]; found {
			ok = handler.fail(RuleConflict, `has the same protocol and port as "`+other+`"; give it another port`)
		} else {
			first[id] = handler.key
		}
	}
	return ok
}

// tailConsumers and streamingTailConsumers look at nothing that counts as false.
func tailConsumers(n node) bool { return !n.value.Truthy() || each(tailConsumer)(n) }

func streamingTailConsumers(n node) bool {
	return !n.value.Truthy() || each(record(required("service", text)))(n)
}

var tailConsumer = entity(inTurn(required("service", text), optional("environment", text)))
