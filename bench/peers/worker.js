// The original design's worker service: polls the queue, "processes" each order (parses and counts it) and
// deletes its message. It answers how many it has processed to any HTTP request.
import { createServer } from "node:http";
import { Consumer } from "sqs-consumer";
import { ready, sqsClient } from "./process.js";

// The emulator looks for messages on a 10 ms timer, so one consumer with batches of ten stays below 1,000 messages/s;
// and it answers a long poll only when ten messages are there, which would leave the last of a run for 20 s. Several
// consumers and short polls are in this stack's favour.
const consumerCount = 4;
const waitTimeSeconds = 0;

const sqs = sqsClient();
let processed = 0;
let failed = 0;

const consumers = Array.from({ length: consumerCount }, () => {
  const consumer = Consumer.create({
    queueUrl: process.env.QUEUE_URL,
    sqs,
    batchSize: 10,
    waitTimeSeconds,
    handleMessage: async (message) => {
      const order = JSON.parse(message.Body);
      if (!order.items.length) throw new Error("an order without items");
      return message;
    },
  });
  consumer.on("message_processed", () => {
    processed += 1;
  });
  for (const event of ["error", "processing_error", "timeout_error"]) {
    consumer.on(event, (error) => {
      failed += 1;
      console.error(error.message);
    });
  }
  consumer.start();
  return consumer;
});

const server = createServer((_, response) => response.end(JSON.stringify({ processed, failed })));
server.listen(0, "127.0.0.1", () =>
  ready({ url: `http://127.0.0.1:${server.address().port}`, consumers: consumers.length }),
);
