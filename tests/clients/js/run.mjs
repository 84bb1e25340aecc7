// `node run.mjs NAME` runs one scenario; `node run.mjs` lists their names.
import * as scenarios from "./scenarios.mjs";

const name = process.argv[2];
if (name === undefined) {
  console.log(JSON.stringify(Object.keys(scenarios)));
} else {
  await scenarios[name]();
}
