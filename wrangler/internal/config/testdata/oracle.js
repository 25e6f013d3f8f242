// Asks wrangler what it makes of configurations. Usage: node oracle.js NODE_MODULES < requests > answers, one JSON
// text a line each.
//
// A request is {id, raw, toml, path, env, variable, redirected, public}: raw is the JSON text of the configuration; with
// toml its objects have no prototype, and {"$date": S} is a date. With public the exported unstable_readConfig is asked,
// with a file.
//
// The functions of the bundle that are not exported are reached by an assignment that is appended to its text in
// memory.
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const Module = require("module");

const modules = process.argv[2];
const file = path.join(modules, "wrangler", "wrangler-dist", "cli.js");
process.env.WRANGLER_SEND_METRICS = "false";
process.env.NO_COLOR = "1";

function load() {
	const m = new Module(file, null);
	m.filename = file;
	m.paths = Module._nodeModulePaths(path.dirname(file));
	m._compile(fs.readFileSync(file, "utf8") + `
;exports.__hook = {
	normalize: (...args) => { init_validation(); return normalizeAndValidateConfig(...args); },
	parseJSONC: (...args) => { init_parse2(); return parseJSONC(...args); },
	getBindings: (...args) => { init_binding_utils(); return getBindings(...args); },
	form: (...args) => createWorkerUploadForm(...args),
	watch(log) {
		init_diagnostics();
		Diagnostics = class extends Diagnostics {
			constructor(description) {
				super(description);
				for (const severity of ["errors", "warnings"]) {
					const push = this[severity].push;
					this[severity].push = function (...messages) {
						for (const m of messages) log.push([severity.slice(0, -1), m, description]);
						return push.apply(this, messages);
					};
				}
			}
		};
	},
};`, file);
	return m.exports;
}

const wrangler = load();
const hook = wrangler.__hook;
const log = [];
hook.watch(log);
const dir = fs.mkdtempSync(path.join(os.tmpdir(), "config-oracle-"));
process.chdir(dir);
process.on("exit", () => fs.rmSync(dir, { recursive: true, force: true }));

// bare makes of JSON values what wrangler's TOML parser makes of tables and dates.
function bare(v) {
	if (Array.isArray(v)) return v.map(bare);
	if (v === null || typeof v !== "object") return v;
	if (typeof v.$date === "string") return new Date(v.$date);
	if (typeof v.$number === "string") return Number(v.$number);
	const o = Object.create(null);
	for (const [k, e] of Object.entries(v)) {
		Object.defineProperty(o, k, { value: bare(e), enumerable: true, configurable: true, writable: true });
	}
	return o;
}

// messages lists severity, text and "env" if it is of the environment.
function messages(diagnostics, level = "") {
	const all = [];
	for (const severity of ["error", "warning"]) {
		for (const m of diagnostics[severity + "s"]) all.push([severity, m, level]);
	}
	for (const child of diagnostics.children) {
		all.push(...messages(child, child.description.endsWith(" environment configuration") ? "env" : level));
	}
	return all;
}

// kept drops the messages of diagnostics that wrangler itself drops, and orders the others within their level.
function kept(diagnostics) {
	const left = messages(diagnostics);
	const result = [];
	for (const [severity, message] of log) {
		const i = left.findIndex(([s, m]) => s === severity && m === message);
		if (i >= 0) result.push(...left.splice(i, 1));
	}
	return [...result.filter((m) => m[2] === ""), ...result.filter((m) => m[2] !== "")];
}

function inspect(config) {
	const pick = (v) => (v === undefined ? null : v);
	const text = (v) => (typeof v === "string" ? v : null);
	return {
		name: pick(config.name),
		topLevelName: text(config.topLevelName),
		targetEnvironment: text(config.targetEnvironment),
		definedEnvironments: Array.isArray(config.definedEnvironments) ? config.definedEnvironments.filter(text) : null,
		vars: Object.entries(config.vars),
		secrets: pick(config.secrets),
		keep_vars: pick(config.keep_vars),
		pages: config.pages_build_output_dir !== undefined,
		compatibility_date: pick(config.compatibility_date),
		compatibility_flags: pick(config.compatibility_flags),
	};
}

async function upload(config) {
	const bindings = hook.getBindings(config);
	const types = Object.entries(bindings).map(([k, v]) => [k, v.type]);
	for (const b of Object.values(bindings)) {
		if (b.source) b.source = { contents: "" };
	}
	const worker = {
		name: "w",
		main: { name: "i.js", type: "esm", content: "" },
		modules: [],
		keepSecrets: true,
	};
	try {
		const form = hook.form(worker, bindings, { dryRun: true });
		const metadata = JSON.parse(await form.get("metadata"));
		return { types, uploaded: metadata.bindings };
	} catch (e) {
		return { types, error: String(e) };
	}
}

async function normalize(request) {
	const args = { env: request.env };
	const configPath = path.join(dir, request.path);
	const userPath = request.redirected ? path.join(dir, "other", "wrangler.json") : configPath;
	const raw = request.toml ? bare(JSON.parse(request.raw)) : hook.parseJSONC(request.raw, configPath);
	log.length = 0;
	const { config, diagnostics } = hook.normalize(raw, configPath, userPath, args);
	const answer = { messages: kept(diagnostics), failed: diagnostics.hasErrors() };
	if (!answer.failed) {
		answer.config = inspect(config);
		Object.assign(answer, await upload(config));
	}
	return answer;
}

function readPublic(request) {
	const configPath = path.join(dir, request.path);
	fs.writeFileSync(configPath, request.raw);
	const args = { config: configPath, env: request.env };
	const config = wrangler.unstable_readConfig(args, { hideWarnings: true });
	return { config: inspect(config) };
}

// set sets or removes an environment variable.
function set(name, value) {
	if (value === undefined || value === null) delete process.env[name];
	else process.env[name] = value;
}

async function answer(request) {
	set("CLOUDFLARE_ENV", request.variable);
	if (request.env === null) request.env = undefined;
	try {
		return await (request.public ? readPublic(request) : normalize(request));
	} catch (e) {
		return { thrown: e.constructor.name, text: String(e.message) };
	}
}

async function main() {
	const lines = require("readline").createInterface({ input: process.stdin, crlfDelay: Infinity });
	for await (const line of lines) {
		if (line === "") continue;
		const request = JSON.parse(line);
		const result = await answer(request);
		process.stdout.write(JSON.stringify({ id: request.id, ...result }) + "\n");
	}
}
main();
