// What this tab remembers: the filled form, the order that is being sent, and the receipts of orders placed here.
// Session storage: it is gone with the tab, and another tab never sees it.

/** @import { Attempt, Keepsake } from "../types.js" */

/** @param {string} key */
function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    return null; // storage is switched off, or holds something else: the page works without
  }
}

/**
 * @param {string} key
 * @param {unknown} value null removes it
 */
function write(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // as above
  }
}

/** A version 4 UUID. `randomUUID` needs a secure context; plain http on a host name is none. */
export function newKey() {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Form values by control. */
export const draft = {
  /** @returns {Record<string, string> | null} */
  load: () => read("orderflow.draft"),
  /** @param {Record<string, string>} values */
  save: (values) => write("orderflow.draft", values),
  clear: () => write("orderflow.draft", null),
};

export const attempt = {
  /** @returns {Attempt | null} */
  load: () => read("orderflow.attempt"),
  /**
   * The key of this content: the same as before while the content is the same, a new one after any edit.
   * @param {string} body
   * @returns {Attempt}
   */
  start(body) {
    const before = attempt.load();
    const next = { key: before?.body === body ? before.key : newKey(), body, sent: true };
    write("orderflow.attempt", next);
    return next;
  },
  /** A definite refusal: nothing is under way, and the same content may go out again under the same key. */
  settle() {
    const last = attempt.load();
    if (last) write("orderflow.attempt", { ...last, sent: false });
  },
  clear: () => write("orderflow.attempt", null),
};

/**
 * What was ordered, so that the receipt is complete before the order is stored, and the form values it came from, so
 * that nobody has to type them again after a rejection.
 */
export const keepsake = {
  /** @param {string} id @returns {Keepsake | null} */
  load: (id) => read(`orderflow.receipt.${id}`),
  /** @param {string} id @param {Keepsake} content */
  save: (id, content) => write(`orderflow.receipt.${id}`, content),
};
