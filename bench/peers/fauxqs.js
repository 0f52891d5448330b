// Another SQS emulator that keeps its messages in memory, as far as no dataDir is given.
import { startFauxqs } from "fauxqs";
import { freePort, ready } from "./process.js";

const host = "127.0.0.1";
const port = await freePort();
await startFauxqs({ port, host, logger: false, init: { queues: [{ name: "orders" }] } });
ready({ endpoint: `http://${host}:${port}`, queueUrl: `http://${host}:${port}/000000000000/orders` });
