// Makes openapi.json (what the service serves) and order.schema.json (JSON Schema of an order request) from
// openapi.yaml. `node generate.mjs` writes them, `node generate.mjs --check` fails when they are out of date.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const { parse } = createRequire(new URL("../tests/browser/package.json", import.meta.url))("yaml");
const here = (name) => new URL(name, import.meta.url);

/** Rewrites `#/components/schemas/X` to `#/$defs/X` and returns the names that were met. */
function localize(node, names) {
  if (Array.isArray(node)) return node.map((entry) => localize(entry, names));
  if (node === null || typeof node !== "object") return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key !== "$ref") return [key, localize(value, names)];
      const name = value.replace("#/components/schemas/", "");
      names.add(name);
      return [key, `#/$defs/${name}`];
    }),
  );
}

function orderSchema(api) {
  const { schemas, examples } = api.components;
  const pending = new Set();
  const root = localize(schemas.OrderRequest, pending);
  const $defs = {};
  for (const name of pending) $defs[name] = localize(schemas[name], pending); // a Set grows while it is walked
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    ...root,
    examples: [examples.OrderRequestSmallest.value, examples.OrderRequestFull.value],
    $defs: Object.fromEntries(Object.entries($defs).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

const api = parse(readFileSync(here("openapi.yaml"), "utf8"));
const files = { "openapi.json": api, "order.schema.json": orderSchema(api) };

let stale = 0;
for (const [name, content] of Object.entries(files)) {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  if (!process.argv.includes("--check")) {
    writeFileSync(here(name), text);
  } else if (readFileSync(here(name), "utf8") !== text) {
    console.error(`contracts/${name} does not follow openapi.yaml: run node contracts/generate.mjs`);
    stale = 1;
  }
}
process.exitCode = stale;
