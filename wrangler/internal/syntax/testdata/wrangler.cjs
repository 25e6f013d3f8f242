// Asks wrangler what it makes of configuration files. Usage: node wrangler.cjs DIR, where DIR/node_modules holds
// wrangler. Reads frames from standard input: an extension of four characters ("json" or "toml"), the length of a
// document (32 bits, big endian), the document. Writes a line of JSON for each:
// {"value": TEXT} with the value as dump writes it, or {"error": NAME, "line": N, "column": N}.
const fs = require("fs");
const os = require("os");
const path = require("path");

process.env.WRANGLER_SEND_METRICS = "false";
const wrangler = require(path.resolve(process.argv.at(-1), "node_modules", "wrangler"));
const dir = fs.mkdtempSync(path.join(os.tmpdir(), "wrangler-"));
process.on("exit", () => fs.rmSync(dir, { recursive: true, force: true }));

let ambiguous = false;

function dump(v) {
  if (v === null || typeof v === "boolean") return String(v);
  if (typeof v === "number") return Object.is(v, -0) ? "-0" : String(v);
  if (typeof v === "string") return JSON.stringify(v.toWellFormed());
  if (v instanceof Date) return "date" + JSON.stringify(v);
  if (Array.isArray(v)) return "[" + v.map(dump).join(",") + "]";
  const keys = Object.keys(v);
  if (new Set(keys.map((k) => k.toWellFormed())).size !== keys.length) ambiguous = true;
  return "{" + keys.map((k) => dump(k) + ":" + dump(v[k])).join(",") + "}";
}

function ask(extension, doc) {
  const file = path.join(dir, "wrangler." + extension);
  fs.writeFileSync(file, doc);
  try {
    ambiguous = false;
    const value = dump(wrangler.experimental_readRawConfig({ config: file }).rawConfig);
    return { value, ambiguous };
  } catch (e) {
    return { error: e.text ?? e.name, line: e.location?.line, column: e.location?.column };
  }
}

let pending = Buffer.alloc(0);
process.stdin.on("data", (chunk) => {
  pending = Buffer.concat([pending, chunk]);
  const out = [];
  while (pending.length >= 8 && pending.length >= 8 + pending.readUInt32BE(4)) {
    const end = 8 + pending.readUInt32BE(4);
    out.push(JSON.stringify(ask(pending.toString("latin1", 0, 4), pending.subarray(8, end))), "\n");
    pending = pending.subarray(end);
  }
  process.stdout.write(out.join(""));
});
