"use strict";
// One half of the conversation with the Go side: a frame is a 32-bit big-endian length and as many
// bytes. Requests come on standard input, each is answered by one frame on descriptor 3, in order.
// Standard output and error stay free for whatever the tools print.
const fs = require("node:fs");
const { createRequire } = require("node:module");

const tools = createRequire(process.argv[1] + "/");
const replies = 3;

// How a question ended, which is the first word of its reply. Only a script that ends questions early by
// itself knows the last two.
const statusOK = 0;
const statusThrew = 1;
const statusHung = 2;
const statusOutOfMemory = 3;

class Ended extends Error {
  constructor(status) {
    super("ended early");
    this.status = status;
  }
}

class Reader {
  constructor(buffer) {
    this.buffer = buffer;
    this.offset = 0;
  }
  count() {
    this.offset += 4;
    return this.buffer.readUInt32BE(this.offset - 4);
  }
  bytes() {
    const length = this.count();
    this.offset += length;
    return this.buffer.subarray(this.offset - length, this.offset);
  }
  rest() {
    return this.buffer.subarray(this.offset);
  }
  text() {
    return this.bytes().toString();
  }
  list(read) {
    return Array.from({ length: this.count() }, () => read(this));
  }
}

class Writer {
  constructor() {
    this.buffer = Buffer.allocUnsafe(1 << 16);
    this.clear();
  }
  clear() {
    this.offset = 4;
  }
  room(size) {
    const need = this.offset + size;
    if (need <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(2 * need);
    this.buffer.copy(grown, 0, 0, this.offset);
    this.buffer = grown;
  }
  count(n) {
    this.room(4);
    this.offset = this.buffer.writeUInt32BE(n, this.offset);
  }
  text(s) {
    this.room(4 + 3 * s.length);
    const length = this.buffer.write(s, this.offset + 4);
    this.offset = this.buffer.writeUInt32BE(length, this.offset) + length;
  }
  entries(object) {
    const entries = Object.entries(object);
    this.count(entries.length);
    for (const [key, value] of entries) {
      this.text(key);
      this.text(value);
    }
  }
  flush() {
    this.buffer.writeUInt32BE(this.offset - 4, 0);
    writeAll(this.buffer.subarray(0, this.offset));
    this.clear();
  }
}

function writeAll(bytes) {
  while (bytes.length > 0) bytes = bytes.subarray(fs.writeSync(replies, bytes));
}

// serve says that it is ready with an empty frame, then answers until its input ends. What answer
// throws is the tool's own error: it goes back as such.
function serve(answer) {
  const writer = new Writer();
  writer.flush();
  for (const frame of frames()) {
    try {
      writer.count(statusOK);
      answer(new Reader(frame), writer);
    } catch (error) {
      writer.clear();
      writer.count(error instanceof Ended ? error.status : statusThrew);
      writer.text(String(error?.message ?? error));
    }
    writer.flush();
  }
}

function* frames() {
  const chunk = Buffer.allocUnsafe(1 << 16);
  let rest = Buffer.alloc(0);
  for (let n; (n = fs.readSync(0, chunk)) > 0; ) {
    rest = Buffer.concat([rest, chunk.subarray(0, n)]);
    let start = 0;
    while (rest.length >= start + 4) {
      const end = start + 4 + rest.readUInt32BE(start);
      if (rest.length < end) break;
      yield rest.subarray(start + 4, end);
      start = end;
    }
    rest = rest.subarray(start);
  }
}
