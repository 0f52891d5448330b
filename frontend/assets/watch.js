// Watches the page for faults and reports them. The first of a page's scripts, so that it is there when another one does
// not come; then it offers to load the page again, which may just have been replaced by a newer one.

import { described, masked, placeOf, Reporter } from "./client-errors.js";

const { origin, pathname } = location;
const page = placeOf(pathname, origin);
const share = Number(document.querySelector('meta[name="client-errors"]')?.getAttribute("content"));

const reporter = new Reporter((body) => {
  // Nobody waits for it, and a report that is lost is lost.
  fetch("/v1/client-errors", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
    credentials: "omit",
    keepalive: true,
  }).catch(() => {});
}, share);

function offerReload() {
  if (document.querySelector(".incomplete")) return;
  const again = document.createElement("a");
  again.setAttribute("href", "");
  again.append("Load the page again");
  const offer = document.createElement("p");
  offer.className = "incomplete";
  offer.setAttribute("role", "alert");
  offer.append("A part of this page did not come. ", again);
  (document.querySelector("main") ?? document.body).prepend(offer); // behind the link that skips to it
}

/** @param {string} what @param {string} url */
function missing(what, url) {
  reporter.tell({ kind: "resource", message: `${what} did not load`, page, source: placeOf(url, origin) });
  if (what !== "icon") offerReload();
}

/** @param {ErrorEvent} event */
function thrown({ error, message, filename, lineno, colno }) {
  const source = placeOf(filename, origin);
  if (!source.startsWith("/")) return; // of an extension of the browser
  const what = error instanceof Error ? described(error, origin) : { message: masked(message) };
  reporter.tell({ kind: "error", ...what, page, source, line: lineno, column: colno });
}

// Faults of elements do not bubble.
addEventListener(
  "error",
  (event) => {
    const { target } = event;
    if (event instanceof ErrorEvent) thrown(event);
    else if (target instanceof HTMLScriptElement) missing("script", target.src);
    else if (target instanceof HTMLLinkElement) missing(target.rel, target.href);
  },
  true,
);
addEventListener("unhandledrejection", ({ reason }) => {
  reporter.tell({ kind: "rejection", ...described(reason, origin), page });
});
addEventListener(
  "securitypolicyviolation",
  ({ effectiveDirective, blockedURI, sourceFile, lineNumber, columnNumber }) => {
    const source = placeOf(sourceFile || blockedURI, origin);
    const message = `${effectiveDirective} forbids ${placeOf(blockedURI, origin)}`;
    reporter.tell({ kind: "policy", message, page, source, line: lineNumber, column: columnNumber });
  },
);
// A style that failed before this script was there to hear it: only the times of loading tell.
for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
  if (!(link instanceof HTMLLinkElement)) continue;
  const [loading] = performance.getEntriesByName(link.href, "resource");
  const status = loading instanceof PerformanceResourceTiming ? loading.responseStatus : undefined;
  if (status === 0 || (status ?? 0) >= 400) missing(link.rel, link.href);
}
