// The result as a picture. It brings its own background and follows the reader's light or dark colours.
import { timesMust } from "../budgets.js";
import { digits, figure } from "../figures.js";
import { bar, element, text } from "./svg.js";

const width = 880;
const margin = 24;
const plot = { left: 430, right: 690 }; // of the bars
const rowHeight = 30;
const scale = { least: 1 / 8, most: 32 }; // times better than "must"; beyond, the bar ends at the edge

const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 17px; font-weight: 600; }
  .small { font-size: 11.5px; }
  .quiet { fill: #59636e; }
  .strong { font-weight: 600; }
  .end { text-anchor: end; }
  .middle { text-anchor: middle; }
  .card { fill: #ffffff; stroke: #d1d9e0; }
  .rail { fill: #eaeef2; }
  .limit { stroke: #1f2328; stroke-width: 1.5; }
  .spread { stroke: #1f2328; stroke-width: 1; }
  .goal { stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 2 2; }
  .aim { fill: #1a7f64; }
  .must { fill: #3b6fb5; }
  .missed { fill: #bc4c00; }
  .invalid, .skipped, .other { fill: #8c959f; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .quiet { fill: #9198a1; }
    .card { fill: #0d1117; stroke: #3d444d; }
    .rail { fill: #21262d; }
    .limit { stroke: #e6edf3; }
    .spread { stroke: #e6edf3; }
    .goal { stroke: #9198a1; }
    .aim { fill: #3fb68b; }
    .must { fill: #6ea0e6; }
    .missed { fill: #f0883e; }
  }`;

/** Logarithmic; where a figure stands that is `times` better than "must". @param {number} times */
export function position(times) {
  const clamped = Math.min(Math.max(times, scale.least), scale.most);
  const share = Math.log(clamped / scale.least) / Math.log(scale.most / scale.least);
  return plot.left + share * (plot.right - plot.left);
}

/** @param {number} x @param {number} top @param {number} bottom @param {string} name */
const upright = (x, top, bottom, name) => element("line", { x1: x, y1: top, x2: x, y2: bottom, class: name });

/** @param {{name: string, perSecond: number, style: string}[]} sides @param {number} top */
function race(sides, top) {
  const most = Math.max(...sides.map(({ perSecond }) => perSecond));
  const left = 190;
  return sides.map(({ name, perSecond, style: look }, index) => {
    const y = top + index * rowHeight;
    const length = (perSecond / most) * (plot.right - left);
    return (
      text(margin, y + 15, name, "strong") +
      bar(left, y, length, 20, look) +
      text(left + length + 8, y + 15, `${digits(perSecond)} orders/s`)
    );
  });
}

/** From the worst to the best round. @param {import("../budgets.js").Budget} budget @param {import("../statistics.js").Spread} measured @param {number} y */
function spreadLine(budget, { rounds }, y) {
  if (rounds.length < 2) return "";
  const ends = rounds.map((value) => position(timesMust(budget, value)));
  return element("line", { x1: Math.min(...ends), y1: y, x2: Math.max(...ends), y2: y, class: "spread" });
}

/** @param {import("./summary.js").Line} line @param {number} top */
function budgetRow({ budget, measured, verdict }, top) {
  const must = position(1);
  const reached = Number.isFinite(measured.median) ? position(timesMust(budget, measured.median)) : plot.left;
  const goal = position(timesMust(budget, budget.aim));
  const word = { aim: "aim reached", must: "must reached", missed: "missed", invalid: "not valid", skipped: "not measured" }[
    verdict
  ];
  return (
    text(margin, top + 15, budget.id, "strong") +
    text(margin + 50, top + 15, budget.title) +
    bar(plot.left, top + 3, plot.right - plot.left, 14, "rail") +
    bar(plot.left, top + 3, reached - plot.left, 14, verdict) +
    upright(must, top, top + 20, "limit") +
    spreadLine(budget, measured, top + 10) +
    upright(goal, top, top + 20, "goal") +
    text(plot.right + 80, top + 15, figure(measured.median, budget.unit), "strong end") +
    text(plot.right + 90, top + 15, word, "small quiet")
  );
}

/**
 * @param {object} given
 * @param {import("./summary.js").Line[]} given.lines
 * @param {{name: string, perSecond: number, style: string}[]} given.sides the race of B1 and B2; may be empty
 * @param {string[]} given.captions machine and versions
 */
export function chart({ lines, sides, captions }) {
  const parts = [text(margin, 38, "orderflow, measured", "title")];
  let y = 60;
  captions.forEach((caption) => {
    parts.push(text(margin, y, caption, "small quiet"));
    y += 17;
  });
  y += 8;
  if (sides.length > 0) {
    parts.push(text(margin, y + 8, "Orders per second, from POST to settled", "strong"), ...race(sides, y + 22));
    y += 22 + sides.length * rowHeight + 16;
  }
  parts.push(text(margin, y + 8, "Budgets: further right is better", "strong"));
  parts.push(text(position(1), y + 8, "must", "small quiet middle"));
  y += 20;
  lines.forEach((line) => {
    parts.push(budgetRow(line, y));
    y += rowHeight;
  });
  parts.push(
    text(
      margin,
      y + 14,
      "Full line: must be reached. Dashed line: aim. Thin line: from the worst to the best round. Logarithmic scale.",
      "small quiet",
    ),
  );
  const height = y + 32;
  return (
    element(
      "svg",
      { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height, role: "img" },
      element("title", {}, "Results of ./dev bench"),
      element("style", {}, style),
      element("rect", { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 8, class: "card" }),
      ...parts,
    ) + "\n"
  );
}
