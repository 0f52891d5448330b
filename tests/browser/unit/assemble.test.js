// Goal: the site that is served holds together whatever changes in frontend/, and what would not is refused.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "orderflow-site-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const source = join(folder, "frontend");
beforeEach(() => cpSync(join(root, "frontend"), source, { recursive: true }));

/** What it says when it refuses; nothing when it made the site. @param {string} [out] */
function assemble(out = "site") {
  const { status, stderr } = spawnSync("bash", [join(root, "tools/site/assemble.sh"), source, join(folder, out)], {
    encoding: "utf8",
  });
  return status === 0 ? "" : stderr;
}
const asset = (name) => join(source, "assets", name);
const edit = (path, change) => writeFileSync(path, change(readFileSync(path, "utf8")));
const names = (out = "site") =>
  Object.fromEntries(
    readdirSync(join(folder, out, "assets")).map((name) => [name.replace(/\.[0-9a-f]{16}\./, "."), name]),
  );

describe("The site that is served", () => {
  for (const [what, name, change, words] of [
    [
      "a page that names a file that is not there",
      "../index.html",
      (text) => text.replace("form.css", "gone.css"),
      /gone\.css/,
    ],
    [
      "a module that imports one that is not there",
      "shop.js",
      (text) => text.replace("./dom.js", "./gone.js"),
      /gone\.js/,
    ],
    ["modules that import each other", "dom.js", (text) => `import "./receipt.js";\n${text}`, /in a circle/],
    ["an import at run time", "dom.js", (text) => `${text}\nimport("./money.js");`, /not known here: .*import\(/],
    ["an asset that is named by its address", "dom.js", (text) => `${text}\n"/assets/money.js";`, /not known here/],
    ["a picture of a style", "base.css", (text) => `${text}\n.x { background: url(x.svg); }`, /not known here: .*url/],
  ]) {
    test(`is not made of ${what}`, () => {
      edit(asset(name), change);
      assert.match(assemble(), words);
    });
  }

  test("has every file under a name that holds the hash of what is served", () => {
    assert.equal(assemble(), "");
    const served = names();
    assert.deepEqual(Object.keys(served).sort(), readdirSync(join(source, "assets")).sort());
    for (const name of Object.values(served)) {
      const content = readFileSync(join(folder, "site/assets", name));
      assert.equal(name.split(".").at(-2), createHash("sha256").update(content).digest("hex").slice(0, 16));
    }
  });

  test("leaves comments out, and every other line where it is in the source", () => {
    assert.equal(assemble(), "");
    for (const [name, served] of Object.entries(names()).filter(([name]) => name.endsWith(".js"))) {
      const [written, made] = [asset(name), join(folder, "site/assets", served)].map((path) =>
        readFileSync(path, "utf8").split("\n"),
      );
      assert.equal(made.length, written.length);
      const differs = written.filter((line, i) => line !== made[i].replace(/(\.\/[a-z-]+)\.[0-9a-f]{16}/, "$1"));
      for (const line of differs) assert.match(line, /^\s*(\/\/|\/\*\*|\*)/, `${name}: ${line}`);
      assert.ok(!made.some((line) => /^\s*(\/\/|\/\*\*|\* )/.test(line)), name);
    }
  });

  test("names files that are there, in pages and in modules", () => {
    assert.equal(assemble(), "");
    const there = new Set(Object.values(names()));
    const pages = readdirSync(join(folder, "site")).filter((name) => name.endsWith(".html"));
    assert.equal(pages.length, 5);
    const texts = [
      ...pages.map((name) => readFileSync(join(folder, "site", name), "utf8")),
      ...[...there].map((name) => readFileSync(join(folder, "site/assets", name), "utf8")),
    ];
    const named = texts.flatMap((text) => [...text.matchAll(/(?:"\/assets\/|(?:from|import) "\.\/)([^"]+)"/g)]);
    assert.ok(named.length > 50);
    for (const [, name] of named) assert.ok(there.has(name), name);
  });

  test("is the same each time, and nothing is left of what was there before", () => {
    assert.equal(assemble("one") + assemble("two"), "");
    assert.deepEqual(names("one"), names("two"));
    edit(asset("base.css"), (text) => `${text}\n.x { color: red; }\n`);
    assert.equal(assemble("two"), "");
    assert.equal(readdirSync(join(folder, "two/assets")).length, readdirSync(join(source, "assets")).length);
  });

  test("has new names for a module that changed and for all that lead to it, and for no other", () => {
    assert.equal(assemble("before"), "");
    edit(asset("money.js"), (text) => `${text}\nexport const changed = true;\n`);
    assert.equal(assemble("after"), "");
    const [before, now] = [names("before"), names("after")];
    const changed = Object.keys(now).filter((name) => now[name] !== before[name]);
    assert.deepEqual(changed.sort(), [
      "money.js",
      "ops.js",
      "order-history.js",
      "order-search.js",
      "price-list.js",
      "receipt.js",
      "shop.js",
      "tracking.js",
    ]);
  });
});
