// Deploys the Worker shop with alchemy, or destroys it.
//
//     node alchemy.mjs up|destroy HOST API_KEY [CLASS]
//
// alchemy keeps its state in the working directory. With CLASS, the Worker has a Durable Object of that class.
import alchemy from "alchemy";
import { DurableObjectNamespace, Worker } from "alchemy/cloudflare";

const [phase, host, apiKey, className] = process.argv.slice(2);
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
