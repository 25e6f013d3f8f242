// Request: { steps, files, process }: a limit for the number of replacements (0: none), documents in
// base64, and the process environment as entries. Result: the entries of the environment after the
// files are loaded.
const dotenv = tools("dotenv");
const { expand } = tools("dotenv-expand");

const longest = 1 << 20;
let steps = 0;

// dotenv-expand adds its result to a Set before each replacement. Only this call can end an endless
// expansion without a change of the package.
const add = Set.prototype.add;
Set.prototype.add = function (result) {
  if (steps > 0 && --steps === 0) throw new Ended("hang");
  if (steps > 0 && result.length > longest) throw new Ended("memory");
  return add.call(this, result);
};

// The steps are those of loadDotEnv in wrangler 4.164.0. It merges all files into one object, in which
// later files override values of earlier ones, and expands it once with the process environment.
serve((request) => {
  const parsed = {};
  for (const file of request.files ?? []) {
    dotenv.populate(parsed, dotenv.parse(bytes(file).toString()), { override: true });
  }
  const environment = {};
  for (const [key, value] of request.process ?? []) environment[key] = value;
  steps = request.steps;
  expand({ processEnv: environment, parsed });
  steps = 0;
  return Object.entries(environment);
});
