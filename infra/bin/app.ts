// cdk synth -c stage=demo|production [-c inputs=<file.json>] [-c apiService=<digest>] [-c workerService=...] [-c orderflow=...]
import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { ConfigError, type Inputs } from '../lib/config.ts';
import { build } from '../lib/stacks.ts';

const app = new App();
const context = (name: string): string | undefined => app.node.tryGetContext(name);

function inputs(): Inputs {
  const file = context('inputs');
  const read: Inputs = file ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const digests = Object.fromEntries(
    ['apiService', 'workerService', 'orderflow'].flatMap((name) => (context(name) ? [[name, context(name)]] : [])),
  );
  return { ...read, images: { ...read.images, ...digests } };
}

try {
  build(app, context('stage') ?? 'demo', inputs());
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exit(2);
}
