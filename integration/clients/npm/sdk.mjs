// Does one operation with a release of the npm package cloudflare, and prints the result as JSON.
//
//     node sdk.mjs PACKAGE OPERATION ARGUMENTS...
//
// The environment has the account, the token and the base URL.
const [name, operation, ...args] = process.argv.slice(2);
const { Cloudflare, toFile } = await import(name);
const client = new Cloudflare({ maxRetries: 0 });
const { scripts } = client.workers;
const account_id = process.env.CLOUDFLARE_ACCOUNT_ID;
const old = name === "cloudflare-4";
const code = "export default { fetch: () => new Response() }";

const metadata = (bindings) => ({
  main_module: "index.js",
  compatibility_date: "2026-01-01",
  keep_bindings: ["secret_text"],
  bindings: JSON.parse(bindings),
});

// upload returns the parameters of a call that uploads code, as the SDK documents them.
const upload = async (bindings) => ({
  account_id,
  metadata: metadata(bindings),
  files: { "index.js": await toFile(Buffer.from(code), "index.js", { type: "application/javascript+module" }) },
});

// byHand returns the parameters and the options of such a call. The metadata is a file, and there is no Content-Type,
// because the SDK would send a form field for each member of an object, in a body of the type application/javascript:
// https://github.com/cloudflare/cloudflare-typescript/issues/2799
async function byHand(bindings) {
  const text = Buffer.from(JSON.stringify(metadata(bindings)));
  const file = await toFile(text, "metadata", { type: "application/json" });
  return [{ ...(await upload(bindings)), metadata: file }, { headers: { "Content-Type": null } }];
}

// below returns the parameters of a call about a part of the Worker.
const below = (id) => (old ? ["shop", id, { account_id }] : [id, { account_id, script_name: "shop" }]);

const deploy = (force, ...versions) =>
  scripts.deployments.create("shop", { account_id, force, strategy: "percentage", versions });

const operations = {
  "deploy as documented": async (bindings) => scripts.update("shop", await upload(bindings)),
  "deploy": async (bindings) => scripts.update("shop", ...(await byHand(bindings))),
  "versions upload": async (bindings) => scripts.versions.create("shop", ...(await byHand(bindings))),
  "secret put": (name, text) => scripts.secrets.update("shop", { account_id, name, text, type: "secret_text" }),
  "secret list": async () => (await scripts.secrets.list("shop", { account_id })).result,
  "secret delete": (name) => scripts.secrets.delete(...below(name)),
  "secret bulk": (secrets) => scripts.secrets.bulkUpdate("shop", { account_id, secrets: JSON.parse(secrets) }),
  "versions list": async () => (await scripts.versions.list("shop", { account_id })).result,
  "versions view": (id) => scripts.versions.get(...below(id)),
  "versions deploy": (a, b) => deploy(false, { version_id: a, percentage: 10 }, { version_id: b, percentage: 90 }),
  "rollback": (id) => deploy(true, { version_id: id, percentage: 100 }),
  "deployments list": () => scripts.deployments[old ? "get" : "list"]("shop", { account_id }),
  "pages secret put": (name, value) =>
    client.pages.projects.edit("site", {
      account_id,
      deployment_configs: { production: { env_vars: { [name]: { type: "secret_text", value } } } },
    }),
  "delete": () => scripts.delete("shop", { account_id }),
};
console.log(JSON.stringify(await operations[operation](...args)));
