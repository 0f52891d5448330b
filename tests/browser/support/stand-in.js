// An in-memory stand-in for the service, so that the pages can be worked on without a build of it. It speaks the part
// of contracts/openapi.yaml that the pages use and promises nothing: no queue, no disk. CI tests the real service.

import { randomBytes, createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import Ajv2020 from "ajv/dist/2020.js";
import { controlFor, wordingFor } from "../../../frontend/assets/order-form.js";

const root = new URL("../../../", import.meta.url);
const text = (path) => readFileSync(new URL(path, root), "utf8");
const headers = JSON.parse(text("frontend/headers.json"));
const ajv = new Ajv2020.default({ allErrors: true, strict: false, formats: { int64: true } });
const isOrder = ajv.compile(JSON.parse(text("contracts/order.schema.json")));
const types = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

const newId = () => `ord_0${[...randomBytes(25)].map((byte) => alphabet[byte & 31]).join("")}`;
const escape = (value) => String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const fill = (template, values) => template.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name] ?? "");

const codes = {
  minLength: "required",
  minItems: "required",
  maxLength: "too-long",
  maxItems: "too-many-items",
  pattern: "invalid-format",
  type: "wrong-type",
  minimum: "out-of-range",
  maximum: "out-of-range",
};

function violations() {
  return (isOrder.errors ?? [])
    .filter(({ keyword }) => !["oneOf", "const"].includes(keyword))
    .map(({ keyword, instancePath, params }) => {
      if (keyword === "required")
        return { pointer: `${instancePath}/${params.missingProperty}`, code: "required", detail: "Is missing." };
      if (keyword === "additionalProperties") {
        return {
          pointer: `${instancePath}/${params.additionalProperty}`,
          code: "unknown-field",
          detail: "Is not known.",
        };
      }
      return { pointer: instancePath, code: codes[keyword] ?? "invalid-format", detail: `Breaks ${keyword}.` };
    });
}

const problem = (status, code, more = {}) => ({
  status,
  type: "application/problem+json",
  body: JSON.stringify({ type: `urn:orderflow:problem:${code}`, title: code, status, code, ...more }),
});
const json = (status, body, more = {}) => ({ status, type: "application/json", body: JSON.stringify(body), more });

class Shop {
  orders = new Map();
  keys = new Map();
  products = JSON.parse(text("contracts/catalogue.json")).products.map(({ stock, ...product }) => ({
    ...product,
    available: stock,
  }));

  place(request, key) {
    const fingerprint = createHash("sha256").update(JSON.stringify(request)).digest("hex");
    const known = key && this.keys.get(key);
    if (known && known.fingerprint !== fingerprint)
      return problem(422, "idempotency-key-reused", { detail: "This Idempotency-Key was used with another order." });
    const order = known ?? {
      id: newId(),
      fingerprint,
      request,
      events: [],
      listeners: new Set(),
      stored: false,
      status: "accepted",
    };
    if (!known) {
      this.orders.set(order.id, order);
      if (key) this.keys.set(key, order);
      this.process(order);
    }
    return json(202, { id: order.id, status: "accepted", fingerprint }, { Location: `/v1/orders/${order.id}` });
  }

  event(order, type, status, data = {}) {
    const event = { version: order.events.length + 1, type, at: new Date().toISOString(), data };
    order.events.push(event);
    order.status = status ?? order.status;
    order.updated_at = event.at;
    for (const listener of order.listeners) listener(event);
  }

  async process(order) {
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref());
    const { request } = order;
    await pause(60);
    order.stored = true;
    this.event(order, "order.accepted", "accepted");
    order.created_at = order.events[0].at;
    const lines = request.items.map(({ sku, quantity }) => {
      const product = this.products.find((one) => one.sku === sku);
      const unit_price = product?.prices[request.currency] ?? 0;
      return {
        sku,
        name: product?.name,
        quantity,
        unit_price,
        discount: 0,
        tax: Math.round(unit_price * quantity * 0.19),
      };
    });
    order.lines = lines;
    await pause(17);
    this.event(order, "order.created", "processing");
    if (lines.some(({ sku, quantity }) => (this.products.find((one) => one.sku === sku)?.available ?? 0) < quantity)) {
      order.failure = { code: "out-of-stock", detail: "There is not enough left." };
      this.event(order, "order.rejected", "rejected", order.failure);
      return;
    }
    this.event(order, "inventory.reserved", "reserved");
    for (const { sku, quantity } of lines) this.products.find((one) => one.sku === sku).available -= quantity;
    await pause({ tok_slow: 3000, tok_unknown: 1500, tok_flaky: 800 }[request.payment.token] ?? 40);
    if (order.status !== "reserved") return;
    if (request.payment.token === "tok_declined") {
      order.failure = { code: "payment-declined", detail: "The payment was declined." };
      this.event(order, "payment.declined", null, order.failure);
      this.event(order, "inventory.released");
      this.event(order, "order.rejected", "rejected", order.failure);
      for (const { sku, quantity } of lines) this.products.find((one) => one.sku === sku).available += quantity;
      return;
    }
    this.event(order, "payment.captured");
    this.event(order, "order.confirmed", "confirmed");
  }

  cancel(order) {
    order.cancel = { reason: "customer", requested_at: new Date().toISOString() };
    setTimeout(() => {
      this.event(order, "cancel.requested", "cancelling");
      this.event(order, "payment.refunded");
      this.event(order, "inventory.released");
      this.event(order, "order.cancelled", "cancelled");
    }, 50).unref();
    return json(202, { id: order.id, requested: "cancel" });
  }

  show(order) {
    if (!order.stored) return { id: order.id, status: "accepted", stored: false };
    const { id, request, events, status, failure, cancel, created_at, updated_at, fingerprint } = order;
    const items = order.lines ?? request.items;
    const sum = (of) => items.reduce((total, item) => total + (of(item) || 0), 0);
    const goods = sum(({ unit_price, quantity }) => unit_price * quantity);
    const tax = sum((item) => item.tax);
    return {
      id,
      number: 1,
      version: events.length,
      status,
      payment_status: "pending",
      fulfillment_status: "unfulfilled",
      currency: request.currency,
      items,
      shipping_amount: 490,
      discount_amount: 0,
      tax_amount: tax,
      total: goods + tax + 490,
      customer: request.customer,
      shipping_address: request.shipping_address,
      payment: { mode: "token" },
      fingerprint,
      created_at,
      updated_at,
      failure,
      cancel,
      stored: true,
    };
  }
}

function formRequest(fields) {
  const of = (name) => (fields.get(name) ?? "").trim() || undefined;
  return JSON.parse(
    JSON.stringify({
      currency: of("currency"),
      items: [...fields]
        .filter(([name, value]) => name.startsWith("qty_") && Number(value) > 0)
        .map(([name, value]) => ({ sku: name.slice(4), quantity: Number(value) })),
      customer: { name: of("customer_name"), email: of("customer_email"), phone: of("customer_phone") },
      shipping_address: {
        line1: of("line1"),
        line2: of("line2"),
        city: of("city"),
        region: of("region"),
        postal_code: of("postal_code"),
        country: of("country"),
      },
      payment: { mode: "token", token: of("payment_token") },
    }),
  );
}

function formPage(shop, fields, errors) {
  const fragment = (name) => text(`frontend/fragments/${name}.html`);
  const option = (name) =>
    fields.get(name)
      ? fill(fragment("option"), { value: escape(fields.get(name)), text: escape(fields.get(name)) })
      : "";
  const products = shop.products.map((product) =>
    fill(fragment("product"), {
      sku: escape(product.sku),
      name: escape(product.name),
      description: escape(product.description),
      prices: Object.entries(product.prices)
        .map(([currency, minor]) => `${currency} ${(minor / 100).toFixed(2)}`)
        .join("\n"),
      quantity: escape(fields.get(`qty_${product.sku}`) ?? ""),
      note: product.available <= 10 ? `Only ${product.available} left` : "",
    }),
  );
  const items = [...fields]
    .filter(([name, value]) => name.startsWith("qty_") && Number(value) > 0)
    .map(([name]) => ({ sku: name.slice(4) }));
  const entries = errors.map(({ pointer, code, detail }) => {
    const control = controlFor(pointer, items) ?? "items";
    return fill(fragment("error"), { control: escape(control), text: escape(wordingFor(control, code, { detail })) });
  });
  const page = fill(text("frontend/order-form.nojs.html"), {
    ...Object.fromEntries([...fields].map(([name, value]) => [name, escape(value)])),
    title_prefix: errors.length > 0 ? "Error: " : "",
    key: escape(fields.get("idempotency_key") ?? randomBytes(16).toString("hex")),
    errors: errors.length > 0 ? fill(fragment("errors"), { entries: entries.join("") }) : "",
    products: products.join("\n"),
    currency_option: option("currency"),
    country_option: option("country"),
    payment_option: option("payment_token"),
  });
  return { status: errors.length > 0 ? 422 : 200, type: types.html, body: page, kind: "page" };
}

function statusPage(shop, order) {
  const fragment = (name) => text(`frontend/fragments/${name}.html`);
  const shown = shop.show(order);
  const money = (minor) => `${shown.currency} ${(minor / 100).toFixed(2)}`;
  const waits = ["accepted", "processing", "reserved", "cancelling"].includes(shown.status);
  const page = fill(text("frontend/order-status.nojs.html"), {
    id: shown.id,
    status: shown.status[0].toUpperCase() + shown.status.slice(1),
    meaning: shown.failure?.detail ?? "",
    refresh: waits ? fragment("refresh") : "",
    items: (shown.items ?? [])
      .map((item) =>
        fill(fragment("item"), {
          quantity: item.quantity,
          name: escape(item.name ?? item.sku),
          amount: money(item.unit_price * item.quantity),
        }),
      )
      .join(""),
    total: shown.total ? money(shown.total) : "",
    rows: order.events
      .map(({ at, type }) => fill(fragment("row"), { at, time: at.slice(11, 19), label: type }))
      .join(""),
  });
  return { status: 200, type: types.html, body: page, kind: "page" };
}

function stream(order, response) {
  response.writeHead(200, { ...headers.api, "Content-Type": "text/event-stream" });
  const write = (event) =>
    response.write(`id: ${event.version}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  response.write('retry: 2000\n\nevent: heartbeat\ndata: {"version":0}\n\n');
  order.events.forEach(write);
  order.listeners.add(write);
  response.on("close", () => order.listeners.delete(write));
}

async function answer(shop, request, response, url) {
  const { method } = request;
  const path = url.pathname;
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  if (path === "/v1/products") return json(200, { data: shop.products }, { "Cache-Control": "no-cache" });
  if (method === "POST" && (path === "/order" || path === "/v1/orders")) {
    const key = request.headers["idempotency-key"];
    if (request.headers["content-type"].startsWith("application/x-www-form-urlencoded")) {
      const fields = new URLSearchParams(body);
      const wanted = formRequest(fields);
      if (!isOrder(wanted)) return formPage(shop, fields, violations());
      const { id } = JSON.parse(shop.place(wanted, fields.get("idempotency_key")).body);
      return { status: 303, type: "text/plain", body: "", more: { Location: `/orders/${id}` } };
    }
    const wanted = JSON.parse(body);
    if (!isOrder(wanted)) return problem(422, "validation-failed", { errors: violations() });
    return shop.place(wanted, key);
  }
  if (path === "/v1/client-errors") return { status: 204, type: "text/plain", body: "" };
  if (path === "/order") return formPage(shop, new URLSearchParams(), []);
  const call = /^\/v1\/orders\/(\w+)(?:\/(\w+))?$/.exec(path);
  if (call) {
    const order = shop.orders.get(call[1]);
    if (!order) return problem(404, "order-not-found");
    if (call[2] === "cancel") return shop.cancel(order);
    if (call[2] === "events")
      return json(200, {
        id: order.id,
        data: order.events.filter(({ version }) => version > Number(url.searchParams.get("after"))),
      });
    if (call[2] === "stream") return stream(order, response);
    const etag = `"${order.events.length}"`;
    if (order.stored && request.headers["if-none-match"] === etag) return { status: 304, type: "text/plain", body: "" };
    return json(200, shop.show(order), order.stored ? { ETag: etag } : {});
  }
  const page = /^\/orders\/(\w+)$/.exec(path);
  if (page && url.searchParams.get("view") === "plain" && shop.orders.has(page[1]))
    return statusPage(shop, shop.orders.get(page[1]));
  const file =
    path === "/"
      ? "index.html"
      : page
        ? "order.html"
        : path === "/ops"
          ? "ops.html"
          : path.startsWith("/assets/")
            ? path.slice(1)
            : null;
  try {
    return {
      status: 200,
      type: types[file.split(".").at(-1)],
      body: text(`frontend/${file}`),
      kind: file.endsWith(".html") ? "page" : "asset",
      more: { "Cache-Control": "no-cache" }, // its names hold no hash
    };
  } catch {
    return problem(404, "not-found");
  }
}

/** @returns {Promise<{url: string, stop: () => Promise<void>}>} */
export async function startStandIn() {
  const shop = new Shop();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    const result = await answer(shop, request, response, url);
    if (!result) return;
    const zipped = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "") && result.body.length > 500;
    response.writeHead(result.status, {
      ...headers[result.kind ?? "api"],
      ...result.more,
      "Content-Type": result.type,
      ...(zipped ? { "Content-Encoding": "gzip" } : {}),
    });
    response.end(zipped ? gzipSync(result.body) : result.body);
  });
  await new Promise((resolve) => server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", resolve));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  };
}

if (process.argv[1] === new URL(import.meta.url).pathname) console.log((await startStandIn()).url);
