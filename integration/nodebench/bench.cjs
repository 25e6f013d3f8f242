// Each line on standard input names a document and a time in milliseconds. The answer is a line with the mean and the best
// time of dotenv.parse on it, in nanoseconds, and the number of entries.
"use strict";
const fs = require("node:fs");
const readline = require("node:readline");
const { createRequire } = require("node:module");

const dotenv = createRequire(process.argv[2] + "/")("dotenv");
const now = process.hrtime.bigint;

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { file, milliseconds } = JSON.parse(line);
  const doc = fs.readFileSync(file);
  console.log(JSON.stringify(measure(doc, BigInt(milliseconds) * 1000000n)));
});

function measure(doc, time) {
  let entries = 0;
  let runs = 0n;
  let best = 1n << 62n;
  const start = now();
  let at = start;
  while (at - start < time) {
    entries = Object.keys(dotenv.parse(doc)).length;
    const end = now();
    if (end - at < best) best = end - at;
    at = end;
    runs++;
  }
  return { mean: Number((at - start) / runs), best: Number(best), entries };
}
