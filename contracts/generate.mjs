// Makes what is served and read from what is written by hand. `node generate.mjs` writes, `node generate.mjs --check`
// fails when something is out of date.
//   openapi.json       from openapi.yaml: as it is, and each operation with the responses that any request may get
//   order.schema.json  from openapi.yaml: JSON Schema of an order request
//   asyncapi.json      from asyncapi.yaml: with the schemas in it that it takes from openapi.yaml
//   ../ops/alerts.yml  from alarms.json: the same alarms as rules of Prometheus (alert_rules.mjs)
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

import { alertRules } from "./alert_rules.mjs";

const { parse, stringify } = createRequire(new URL("../tests/browser/package.json", import.meta.url))("yaml");
const here = (name) => new URL(name, import.meta.url);
const read = (name) => parse(readFileSync(here(name), "utf8"));
const methods = ["get", "put", "post", "delete", "patch"];

/** Rewrites `from` + X to `to` + X in every reference of a document, and adds the names X to `names`. */
function moved(node, from, to, names) {
  if (Array.isArray(node)) return node.map((entry) => moved(entry, from, to, names));
  if (node === null || typeof node !== "object") return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key !== "$ref" || !value.startsWith(from)) return [key, moved(value, from, to, names)];
      names.add(value.slice(from.length));
      return [key, to + value.slice(from.length)];
    }),
  );
}

/** The schemas that are named, with those that they name in turn. */
function withAllTheyName(names, schemas, to) {
  const found = {};
  for (const name of names) found[name] = moved(schemas[name], "#/components/schemas/", to, names); // the Set grows
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function openApi(api) {
  const common = api["x-responses-of-any-request"];
  const paths = structuredClone(api.paths);
  for (const item of Object.values(paths)) {
    for (const method of methods.filter((one) => item[one])) {
      item[method].responses = { ...common, ...item[method].responses }; // JSON.stringify puts numbers in order
    }
  }
  return { ...api, paths };
}

function orderSchema({ components: { schemas, examples } }) {
  const names = new Set();
  const root = moved(schemas.OrderRequest, "#/components/schemas/", "#/$defs/", names);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    ...root,
    examples: [examples.OrderRequestSmallest.value, examples.OrderRequestFull.value],
    $defs: withAllTheyName(names, schemas, "#/$defs/"),
  };
}

/** For JSON Schema draft 7, where what stands beside a reference is not seen. */
function alone(node) {
  if (Array.isArray(node)) return node.map(alone);
  if (node === null || typeof node !== "object") return node;
  const { $ref, ...rest } = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, alone(value)]));
  if ($ref === undefined) return rest;
  return Object.keys(rest).length > 0 ? { allOf: [{ $ref }], ...rest } : { $ref };
}

function asyncApi(messages, api) {
  const names = new Set();
  const own = "#/components/schemas/";
  const all = moved(messages, `./openapi.yaml${own}`, own, names);
  const taken = alone(withAllTheyName(names, api.components.schemas, own));
  return { ...all, components: { ...all.components, schemas: { ...all.components.schemas, ...taken } } };
}

const asJson = (content) => `${JSON.stringify(content, null, 2)}\n`;
const made = "# Made from contracts/alarms.json by contracts/generate.mjs.\n";

const api = read("openapi.yaml");
const files = {
  "openapi.json": asJson(openApi(api)),
  "order.schema.json": asJson(orderSchema(api)),
  "asyncapi.json": asJson(asyncApi(read("asyncapi.yaml"), api)),
  "../ops/alerts.yml": made + stringify(alertRules(read("alarms.json").alarms), { lineWidth: 120 }),
};

let stale = 0;
for (const [name, text] of Object.entries(files)) {
  if (!process.argv.includes("--check")) {
    writeFileSync(here(name), text);
  } else if (readFileSync(here(name), "utf8") !== text) {
    console.error(`contracts/${name} does not follow its source: run node contracts/generate.mjs`);
    stale = 1;
  }
}
process.exitCode = stale;
