/** Reads and writes rules as the event form does: cases come in on stdin, what it made of them goes out.
 *
 * `node rules.mjs FOLDER`, where FOLDER holds the form's modules as JavaScript.
 */

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const load = (name) => import(pathToFileURL(`${process.argv[2]}/${name}.js`).href);
const { dateOf, parseRule, ruleText } = await load("rule");
const { datesBefore, firstDate, follow } = await load("rule-dates");

function read({ rrule, last, moved, ...when }) {
  const rule = parseRule(rrule, when);
  if (!rule) return null;
  const first = firstDate(rule, dateOf(when.start));
  return {
    rrule: ruleText(rule, when),
    first: first.toString(),
    before: datesBefore(rule, first, dateOf(last)),
    followed: moved && ruleText(follow(rule, dateOf(when.start), dateOf(moved)), when),
  };
}

const cases = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(cases.map(read)));
