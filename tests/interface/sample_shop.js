// A shop's side of Orderflow. docs/integrate.md quotes it region by region, and integrate.test.js runs it.
import { setTimeout as pause } from "node:timers/promises";

// #region place
/**
 * Places an order once, however often that takes. `key` is the shop's own (16 to 255 printable characters), one for each
 * order, and is on the shop's disk before the first call: whoever asks again after a crash asks with the same key.
 */
export async function place(orderflow, key, order, tries = 8) {
  for (let attempt = 1; ; ++attempt) {
    const answer = await fetch(`${orderflow}/v1/orders`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body: JSON.stringify(order),
      signal: AbortSignal.timeout(30_000),
    }).catch(() => undefined); // no answer, no knowledge: it may have been taken

    if (answer?.status === 202) return await answer.json(); // it is on disk: { id, fingerprint, links }
    const body = await answer?.json().catch(() => undefined);
    const askAgain = answer === undefined || [408, 429, 500, 502, 503, 504].includes(answer.status);
    if (!askAgain) throw new OrderRefused(answer.status, body); // nothing was kept; asking again changes nothing
    if (attempt === tries) throw new OutcomeUnknown(key);
    const seconds = Number(answer?.headers.get("Retry-After") ?? 0);
    await pause(Math.max(1000 * seconds, Math.random() * 200 * 2 ** attempt));
  }
}

/** 422: `errors` names each field; `code` is idempotency-key-reused when the key had another order before. */
export class OrderRefused extends Error {
  constructor(status, problem) {
    super(`${status} ${problem?.code}`);
    Object.assign(this, { status, code: problem?.code, errors: problem?.errors ?? [] });
  }
}

/** Neither taken nor refused for all that is known: keep the order and call place() later, with the same key. */
export class OutcomeUnknown extends Error {}
// #endregion

// #region follow
/** The events of an order from `after` on, as they happen. Ends with the one that `isLast` accepts. */
export async function* follow(orderflow, id, isLast, after = 0) {
  for (let version = after; ;) {
    try {
      const stream = await fetch(`${orderflow}/v1/orders/${id}/stream`, {
        headers: { "Last-Event-ID": String(version) }, // what was seen already does not come again
      });
      if (stream.status === 410) return; // archived or erased
      if (stream.ok) {
        for await (const event of eventsOf(stream)) {
          if (event.version <= version) continue;
          version = event.version;
          yield event;
          if (isLast(event)) return;
        }
      }
    } catch {
      // the connection broke: the next one goes on behind `version`
    }
    await pause(2000);
  }
}

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html); heartbeats are left out. */
async function* eventsOf(stream) {
  let text = "";
  for await (const piece of stream.body.pipeThrough(new TextDecoderStream())) {
    const messages = (text + piece).split("\n\n");
    text = messages.pop();
    for (const message of messages) {
      const data = /^data: (.*)$/m.exec(message)?.[1];
      if (data && !message.includes("event: heartbeat")) yield JSON.parse(data);
    }
  }
}

const ends = ["order.confirmed", "order.completed", "order.rejected", "order.cancelled", "order.on_hold"];

/** The event that settled an order; order.on_hold says that an operator has to look at it. */
export async function settled(orderflow, id, after = 0) {
  for await (const event of follow(orderflow, id, (each) => ends.includes(each.type), after)) {
    if (ends.includes(event.type)) return event;
  }
}
// #endregion

// #region poll
/** The same without an open connection: the order as it is, or undefined when it has not changed since `etag`. */
export async function look(orderflow, id, etag) {
  const answer = await fetch(`${orderflow}/v1/orders/${id}`, { headers: etag ? { "If-None-Match": etag } : {} });
  if (answer.status === 304) return undefined;
  const body = await answer.json();
  if (answer.status === 410) return { status: body.last_status, kept: false }; // archived or erased
  if (!answer.ok) throw new Error(`${answer.status} ${body.code}`);
  return { ...body, etag: answer.headers.get("ETag") ?? undefined };
}
// #endregion

// #region cancel
/** Asks for a cancel. 202 means: the wish is on disk. Whether it came in time is what the next event says. */
export async function cancel(orderflow, id) {
  const answer = await fetch(`${orderflow}/v1/orders/${id}/cancel`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ reason: "customer" }),
  });
  const problem = answer.status === 202 ? undefined : await answer.json();
  if (problem) return { cancelled: false, code: problem.code }; // 409: too late; 404, 410: no such order (any more)
  const isAnswer = (event) => ["cancel.refused", "order.cancelled"].includes(event.type);
  for await (const event of follow(orderflow, id, isAnswer)) {
    if (isAnswer(event)) return { cancelled: event.type === "order.cancelled", code: event.data.code };
  }
  return { cancelled: false };
}
// #endregion
