// Request: a project. Result: its configuration and vars as wrangler resolves them, or the error.
const { unstable_readConfig, unstable_getVarsForDev } = tools("wrangler");

const paths = { PATH: process.env.PATH, HOME: process.env.HOME };
let log;

for (const method of ["debug", "info", "log"]) {
  console[method] = (...args) => log.out.push(plain(args));
}
for (const method of ["warn", "error"]) {
  console[method] = (...args) => log.err.push(plain(args));
}

function plain(args) {
  return args.join(" ").replace(/\x1b\[[0-9;]*m/g, "");
}

serve((project) => {
  log = { out: [], err: [] };
  process.chdir(project.cwd);
  replaceEnvironment({ ...paths, ...project.processEnv });
  return { ...resolve(project), log };
});

function replaceEnvironment(variables) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, variables);
}

function resolve(project) {
  const environment = project.env ?? undefined;
  try {
    const config = unstable_readConfig(
      { config: project.config ?? undefined, env: environment, script: project.script || undefined },
      { useRedirectIfAvailable: project.redirect },
    );
    const vars = unstable_getVarsForDev(
      config.userConfigPath,
      project.envFiles ?? undefined,
      config.vars,
      environment,
      false,
      config.secrets,
    );
    return { ...describe(config), ...pick(vars, project.only) };
  } catch (error) {
    return { chain: chain(error) };
  }
}

function describe(config) {
  return {
    name: text(config.name),
    targetEnvironment: text(config.targetEnvironment),
    configPath: text(config.configPath),
    userConfigPath: text(config.userConfigPath),
  };
}

// text returns null for values of other types, which invalid configurations have.
function text(value) {
  return typeof value === "string" ? value : null;
}

// pick keeps the order of vars. Numbers that JSON cannot represent are in special.
function pick(vars, only) {
  const kept = Object.entries(vars).filter(([name]) => !only || only.includes(name));
  const special = {};
  for (const [name, binding] of kept) {
    const value = binding?.value; // wranglers before 4.59 return values without a type
    if (Object.is(value, -0)) special[name] = "-0";
    if (typeof value === "number" && !Number.isFinite(value)) special[name] = String(value);
  }
  return { vars: Object.fromEntries(kept), order: kept.map(([name]) => name), special };
}

function chain(error) {
  const links = [];
  for (; error !== undefined && error !== null && links.length < 10; error = error.cause) {
    const link = { name: error.name, message: error.message ?? String(error) };
    if (error.code !== undefined) link.code = error.code;
    if (error.notes) link.notes = error.notes.map((note) => note.text);
    if (error.location) {
      const { line, column, length } = error.location;
      link.loc = { line, column, length };
    }
    links.push(link);
  }
  return links;
}
