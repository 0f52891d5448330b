// What the three programs share: how they say that they are ready, and their SQS client.
import { createServer } from "node:net";
import { Agent } from "node:http";
import { SQSClient } from "@aws-sdk/client-sqs";

/** One line of JSON on stdout: the harness waits for it. @param {object} addresses */
export function ready(addresses) {
  console.log(JSON.stringify({ ready: true, ...addresses }));
}

/** For servers that take no port 0. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Connections are kept alive and there are enough of them for every request in flight. */
export function sqsClient() {
  return new SQSClient({
    region: "us-east-1",
    endpoint: process.env.SQS_ENDPOINT,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: 256 }) },
  });
}
