// Request: files in order, then the process environment. Reply: the entries of the environment that
// loading the files gives.
const dotenv = tools("dotenv");
const { expand } = tools("dotenv-expand");

// The steps are those of loadDotEnv in wrangler 4.164.0: all files are merged into one object, a later
// file overriding an earlier one in place, and expanded once on top of the process environment.
serve((request, reply) => {
  const parsed = {};
  for (const file of request.list((r) => r.text())) {
    dotenv.populate(parsed, dotenv.parse(file), { override: true });
  }
  const environment = {};
  for (const [key, value] of request.list((r) => [r.text(), r.text()])) {
    environment[key] = value;
  }
  expand({ processEnv: environment, parsed });
  reply.entries(environment);
});
