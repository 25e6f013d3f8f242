// A Worker that responds with its env, as a list of name, type and value.
const kind = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

export default {
  fetch: (request, env) => Response.json(Object.keys(env).map((name) => [name, kind(env[name]), env[name]])),
};
