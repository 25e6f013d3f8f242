// Prints what wrangler gives the Worker in the present folder.
"use strict";
const { createRequire } = require("node:module");
const { unstable_readConfig, unstable_getVarsForDev } = createRequire(process.argv[2] + "/")("wrangler");

for (const method of ["debug", "info", "log", "warn"]) console[method] = () => {};

const config = unstable_readConfig({});
const vars = unstable_getVarsForDev(config.userConfigPath, undefined, config.vars, undefined, false, config.secrets);
process.stdout.write(JSON.stringify(vars));
