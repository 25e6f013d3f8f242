// Deploys the Worker shop with alchemy, or destroys it.
//
//     node alchemy.mjs FOLDER up|destroy HOST API_KEY [CLASS]
//
// FOLDER has node_modules; alchemy keeps its state in the working directory. With CLASS, the Worker has a Durable Object of
// that class.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, phase, host, apiKey, className] = process.argv.slice(2);
const require = createRequire(join(folder, "package.json"));
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { default: alchemy } = await load("alchemy");
const { DurableObjectNamespace, Worker } = await load("alchemy/cloudflare");

const app = await alchemy("clients", { phase, stage: "test", password: "a password", quiet: true, telemetry: false });
const bindings = { HOST: host, API_KEY: alchemy.secret(apiKey) };
if (className) bindings.COUNTER = DurableObjectNamespace("counter", { className });
const code = className ? `export class ${className} {}\n` : "";
await Worker("shop", {
  name: "shop",
  script: `${code}export default { fetch: () => new Response() }`,
  compatibilityDate: "2026-01-01",
  bindings,
  url: false,
  adopt: true,
});
await app.finalize();
