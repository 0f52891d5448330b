// The calls of the HTTP API that the pages make.

/** @import { Answer, OrderEvent, Product } from "../types.js" */

const answer_within_ms = 15_000;

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
function call(path, init) {
  return fetch(path, {
    cache: "no-store",
    credentials: "same-origin",
    signal: AbortSignal.timeout(answer_within_ms),
    ...init,
  });
}

/** @param {Response} response @returns {Promise<any>} null when it holds no JSON */
async function json(response) {
  return /[/+]json\b/.test(response.headers.get("Content-Type") ?? "") ? response.json() : null;
}

/** Seconds to wait, from either form of the header. @param {string | null} header */
export function retryAfter(header) {
  if (!header) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

/**
 * @param {string} path
 * @param {string} body
 * @param {Record<string, string>} headers
 * @returns {Promise<Answer>}
 */
async function post(path, body, headers) {
  const response = await call(path, {
    method: "POST",
    body,
    headers: { "Content-Type": "application/json", ...headers },
  });
  const content = await json(response);
  return {
    status: response.status,
    problem: response.ok ? null : content,
    body: response.ok ? content : null,
    retryAfter: retryAfter(response.headers.get("Retry-After")),
  };
}

/** @param {string} body @param {string} key */
export const placeOrder = (body, key) => post("/v1/orders", body, { "Idempotency-Key": key });

/** @param {string} id */
export const cancelOrder = (id) => post(`/v1/orders/${id}/cancel`, JSON.stringify({ reason: "customer" }), {});

/** @returns {Promise<Product[]>} */
export async function listProducts() {
  const response = await call("/v1/products");
  if (!response.ok) throw new Error(`/v1/products: ${response.status}`);
  return (await response.json()).data;
}

/**
 * @param {string} id
 * @param {string | null} etag of the version that is known
 * @returns {Promise<{status: number, etag: string | null, body: any}>} body is null for 304
 */
export async function readOrder(id, etag) {
  const response = await call(`/v1/orders/${id}`, { headers: etag ? { "If-None-Match": etag } : {} });
  return {
    status: response.status,
    etag: response.headers.get("ETag"),
    body: response.status === 304 ? null : await json(response),
  };
}

/**
 * @param {string} id
 * @param {number} after version
 * @returns {Promise<OrderEvent[]>}
 */
export async function readEvents(id, after) {
  const response = await call(`/v1/orders/${id}/events?after=${after}`);
  if (!response.ok) throw new Error(`/v1/orders/{id}/events: ${response.status}`);
  return (await response.json()).data;
}
