// The original design's API service: POST /order -> check -> SendMessage -> 202. One message per request.
import express from "express";
import { randomUUID } from "node:crypto";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { ready, sqsClient } from "./process.js";

const sqs = sqsClient();
const app = express();
app.disable("x-powered-by");
app.disable("etag");
app.use(express.json());

/** @param {any} order @returns {string | undefined} what is wrong */
function problem(order) {
  if (!Array.isArray(order?.items) || order.items.length === 0) return "items are missing";
  if (!order.items.every((item) => typeof item?.sku === "string" && item.quantity > 0)) return "an item is not valid";
  if (typeof order.customer?.email !== "string") return "customer.email is missing";
  return undefined;
}

app.post("/order", async (request, response) => {
  const error = problem(request.body);
  if (error) {
    response.status(400).json({ error });
    return;
  }
  const id = randomUUID();
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: process.env.QUEUE_URL,
      MessageBody: JSON.stringify({ id, ...request.body }),
    }),
  );
  response.status(202).json({ id, status: "accepted" });
});

const server = app.listen(0, "127.0.0.1", () => ready({ url: `http://127.0.0.1:${server.address().port}` }));
