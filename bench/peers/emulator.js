// The queue of the original design's local set-up: an SQS emulator that keeps its messages in memory.
import { createSqsServer } from "local-aws-sqs";
import { freePort, ready } from "./process.js";

const port = await freePort();
const hostname = "127.0.0.1";
await createSqsServer({ port, hostname, queues: [{ QueueName: "orders" }] });
ready({ endpoint: `http://${hostname}:${port}`, queueUrl: `http://${hostname}:${port}/123456789012/orders` });
