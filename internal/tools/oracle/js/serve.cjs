"use strict";
// Requests are lines of JSON on standard input. Replies are lines of JSON on descriptor 3, in the same
// order. The tools may print to standard output and error.
const fs = require("node:fs");
const { createRequire } = require("node:module");

const tools = createRequire(process.argv[1] + "/");

// bytes decodes a []byte of Go: base64, or null if it is nil.
const bytes = (base64) => Buffer.from(base64 ?? "", "base64");

// Ended ends a request early, as "hang" or "memory".
class Ended extends Error {
  constructor(ending) {
    super("ended early");
    this.ending = ending;
  }
}

// serve writes an empty reply when it is ready, and replies to requests until its input ends. An error
// that answer throws is an error of the tool and part of the reply.
function serve(answer) {
  write({ ending: "ok" });
  for (const line of lines()) write(reply(line, answer));
}

function reply(line, answer) {
  try {
    return { ending: "ok", result: answer(JSON.parse(line)) };
  } catch (error) {
    if (error instanceof Ended) return { ending: error.ending };
    return { ending: "throws", message: String(error?.message ?? error) };
  }
}

function write(value) {
  let line = Buffer.from(JSON.stringify(value) + "\n");
  while (line.length > 0) line = line.subarray(fs.writeSync(3, line));
}

function* lines() {
  const chunk = Buffer.allocUnsafe(1 << 16);
  let rest = Buffer.alloc(0);
  for (let n; (n = fs.readSync(0, chunk)) > 0; ) {
    rest = Buffer.concat([rest, chunk.subarray(0, n)]);
    for (let end; (end = rest.indexOf("\n")) >= 0; rest = rest.subarray(end + 1)) {
      yield rest.subarray(0, end).toString();
    }
  }
}
