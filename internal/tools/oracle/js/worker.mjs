// The Worker that tells what it sees in its env.
const kind = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

export default {
  fetch: (request, env) => Response.json(Object.keys(env).map((name) => [name, kind(env[name]), env[name]])),
};
