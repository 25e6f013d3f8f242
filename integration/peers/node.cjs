// Each line of input has a file and a count. The script parses the file count times with dotenv and
// prints the time in nanoseconds.
"use strict";
const fs = require("node:fs");
const readline = require("node:readline");
const dotenv = require(process.argv[2]);

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { file, count } = JSON.parse(line);
  const doc = fs.readFileSync(file);
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) dotenv.parse(doc);
  console.log(String(process.hrtime.bigint() - start));
});
