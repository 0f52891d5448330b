import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds, and what it could not decide about contrast. @param {import("playwright-core").Page} page */
export async function findings(page) {
  await page.evaluate(axe);
  const { violations, incomplete } = await page.evaluate(() =>
    window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  const undecided = incomplete.filter(({ id }) => id === "color-contrast");
  return [...violations, ...undecided].map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`);
}
