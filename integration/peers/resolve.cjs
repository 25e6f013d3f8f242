// Prints the vars and secrets that wrangler dev binds for the Worker in the working directory.
"use strict";
const { unstable_readConfig, unstable_getVarsForDev } = require(process.argv[2]);

const config = unstable_readConfig({});
const vars = unstable_getVarsForDev(config.userConfigPath, undefined, config.vars, undefined, false, config.secrets);
process.stdout.write(JSON.stringify(vars));
