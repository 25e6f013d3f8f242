// Request: a bound on steps (0: none), files in order, then the process environment. Reply: the entries
// of the environment that loading the files gives.
const dotenv = tools("dotenv");
const { expand } = tools("dotenv-expand");

const longest = 1 << 20;
let steps = 0;

// dotenv-expand remembers its whole result in a set before each replacement. That is the one place in its
// loop where a question that would never end can be ended early, with the package as it is.
const remember = Set.prototype.add;
Set.prototype.add = function add(result) {
  if (steps > 0 && --steps === 0) throw new Ended(statusHung);
  if (steps > 0 && result.length > longest) throw new Ended(statusOutOfMemory);
  return remember.call(this, result);
};

// The steps are those of loadDotEnv in wrangler 4.164.0: all files are merged into one object, a later
// file overriding an earlier one in place, and expanded once on top of the process environment.
serve((request, reply) => {
  const bound = request.count();
  const parsed = {};
  for (const file of request.list((r) => r.text())) {
    dotenv.populate(parsed, dotenv.parse(file), { override: true });
  }
  const environment = {};
  for (const [key, value] of request.list((r) => [r.text(), r.text()])) {
    environment[key] = value;
  }
  steps = bound;
  expand({ processEnv: environment, parsed });
  steps = 0;
  reply.entries(environment);
});
