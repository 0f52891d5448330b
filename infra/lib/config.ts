// What one installation on AWS is made of: a preset (`demo`: as cheap as it works, `production`: protected, two of
// everything) and the inputs that only its owner knows. Pure: no construct, no account, no file.

import { isIP } from 'node:net';

export type Stage = 'demo' | 'production';

export interface Config {
  readonly stage: Stage;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  // vpc-origin: the load balancer is internal. public: it has public addresses, and takes connections of CloudFront alone.
  readonly entrance: 'vpc-origin' | 'public';
  // The prefix list com.amazonaws.global.cloudfront.origin-facing of the region.
  readonly cloudFrontPrefixList: string;
  // Without one: CloudFront's own name, and no TLS between CloudFront and the internal load balancer.
  readonly domain?: Domain;
  readonly network: { readonly natGateways: number; readonly endpoints: boolean };
  readonly database: DatabaseConfig;
  readonly worker: WorkerConfig;
  // Where events of orders are published, beside the webhooks; a FIFO topic keeps the order of events of one order.
  readonly eventsTopic: 'none' | 'standard' | 'fifo';
  readonly api: ServiceSize & { readonly requestsPerTaskPerMinute: number };
  readonly architecture: 'arm64' | 'x86_64';
  readonly images: Images;
  readonly payment: Payment;
  readonly operators: Operators;
  readonly protection: { readonly requestsPerAddressIn5Minutes: number };
  readonly logDays: number;
  // Whether data outlives the stack that holds it.
  readonly keepData: boolean;
  // Without one nobody delivers but an administrator.
  readonly delivery?: Delivery;
  readonly otlpEndpoint?: string;
  // Where faults of pages go to beside the log: a DSN, in a parameter.
  readonly clientErrors: 'log' | 'sentry';
}

export interface Domain {
  readonly name: string;
  readonly siteCertificateArn: string; // in us-east-1, where CloudFront looks
  readonly apiCertificateArn: string; // in the region, for the same name
}

export interface DatabaseConfig {
  readonly engine: 'aurora' | 'instance';
  readonly instances: number; // of Aurora: a writer, and readers to fail over to
  readonly minAcu: number;
  readonly maxAcu: number;
  readonly connections: number; // max_connections of the parameter group
  readonly backupDays: number;
  // iam: the service roles may not use a password any more.
  readonly authentication: 'password' | 'iam';
}

export interface ServiceSize {
  readonly cpu: 256 | 512 | 1024 | 2048;
  readonly memoryMiB: number;
  readonly minTasks: number;
  readonly maxTasks: number;
}

export interface WorkerConfig extends ServiceSize {
  readonly kind: 'fargate' | 'lambda';
  readonly ordersPerSecond: number; // of one task of this size
  readonly wantedWaitSeconds: number; // that an order may stand in the queue while tasks are added
}

export interface Images {
  // Digests (sha256:...) or tags of the repositories that the registry stack makes.
  readonly apiService: string;
  readonly workerService: string;
  readonly orderflow: string;
  // The whole URI of an image with a POSIX shell, which prepares a task, and of one with psql, which makes the roles of
  // the database.
  readonly shell: string;
  readonly psql: string;
}

export interface Payment {
  readonly provider: 'simulated' | 'http';
  readonly url?: string;
}

export interface Operators {
  readonly addresses: readonly string[]; // CIDR blocks that reach /v1/admin
  readonly email?: string;
  readonly slack?: { readonly workspaceId: string; readonly channelId: string };
}

export interface Delivery {
  readonly repository: string; // owner/name on GitHub
  readonly branch: string;
  // An account has one identity provider of GitHub: where it is there already (another stage, another system), its ARN.
  readonly githubProviderArn?: string;
  readonly smokeToken?: string; // what the pipeline's smoke test pays with; no secret
  readonly codeConnectionArn?: string; // CodePipeline reads the repository through it; without one there is no pipeline
}

// What inputs a preset takes; a JSON file, or nothing for `demo`.
export interface Inputs {
  readonly region?: string;
  readonly entrance?: Config['entrance'];
  readonly cloudFrontPrefixList?: string;
  readonly domain?: Domain;
  readonly endpoints?: boolean;
  readonly worker?: WorkerConfig['kind'];
  readonly eventsTopic?: Config['eventsTopic'];
  readonly architecture?: Config['architecture'];
  readonly databaseAuthentication?: DatabaseConfig['authentication'];
  readonly images?: Partial<Images>;
  readonly paymentUrl?: string;
  readonly operators?: Operators;
  readonly delivery?: Delivery;
  readonly otlpEndpoint?: string;
  readonly clientErrors?: Config['clientErrors'];
}

// Of the regions of the examples; any other is an input.
const prefixLists: Readonly<Record<string, string>> = {
  'eu-central-1': 'pl-a3a144ca',
  'eu-west-1': 'pl-4fa04526',
  'us-east-1': 'pl-3b927c52',
};

const inputNames: readonly (keyof Inputs)[] = [
  'region',
  'entrance',
  'cloudFrontPrefixList',
  'domain',
  'endpoints',
  'worker',
  'eventsTopic',
  'architecture',
  'databaseAuthentication',
  'images',
  'paymentUrl',
  'operators',
  'delivery',
  'otlpEndpoint',
  'clientErrors',
];

// A session for writes and one for orders on hold (docs/runbook.md, "PostgreSQL").
const sessionsOfWorker = 2;
// Reads and notifications.
const sessionsOfApi = 2;
// Migrations, an operator's psql, the database's own.
const sessionsKept = 20;

// How many workers may run beside `apiTasks` APIs and the background task without a refused connection.
export function workersWithin(connections: number, apiTasks: number): number {
  const left = connections - sessionsKept - apiTasks * sessionsOfApi - sessionsOfWorker;
  return Math.max(1, Math.floor(left / sessionsOfWorker));
}

// How many functions may run at once. An environment that is not used is frozen with its sessions until AWS ends it, so
// that after a deployment those of the version before are there beside as many new ones. AWS wants two at least.
export function functionsWithin(connections: number, apiTasks: number): number {
  return Math.max(2, Math.floor(workersWithin(connections, apiTasks) / 2));
}

// 1,750 orders/s is what a quarter of a core reached against a queue 20 ms away (bench/results/latest.md, B10); half of
// it, since the database was SQLite on the same machine.
const ordersPerSecondOfAQuarterCore = 875;

const demoImages: Images = {
  apiService: 'main',
  workerService: 'main',
  orderflow: 'main',
  shell: 'public.ecr.aws/docker/library/busybox:1.37',
  psql: 'public.ecr.aws/docker/library/postgres:17-alpine',
};

// All errors at once, for a person to read.
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The inputs cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

export function configure(stage: string, inputs: Inputs): Config {
  const problems = unknownInputs(inputs);
  if (stage !== 'demo' && stage !== 'production') {
    throw new ConfigError([`stage: '${stage}' is neither demo nor production`, ...problems]);
  }
  const config = stage === 'demo' ? demo(inputs) : production(inputs);
  problems.push(...check(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function unknownInputs(inputs: Inputs): string[] {
  return Object.keys(inputs)
    .filter((name) => !(inputNames as readonly string[]).includes(name))
    .map((name) => `${name}: there is no such input; there are ${inputNames.join(', ')}`);
}

function common(stage: Stage, inputs: Inputs) {
  const region = inputs.region ?? 'us-east-1';
  return {
    stage,
    region,
    tags: { system: 'orderflow', stage },
    entrance: inputs.entrance ?? ('vpc-origin' as const),
    cloudFrontPrefixList: inputs.cloudFrontPrefixList ?? prefixLists[region] ?? '',
    domain: inputs.domain,
    eventsTopic: inputs.eventsTopic ?? ('none' as const),
    architecture: inputs.architecture ?? ('arm64' as const),
    images: { ...demoImages, ...inputs.images },
    operators: inputs.operators ?? { addresses: [] },
    delivery: inputs.delivery,
    otlpEndpoint: inputs.otlpEndpoint,
    clientErrors: inputs.clientErrors ?? ('log' as const),
  };
}

function demo(inputs: Inputs): Config {
  return {
    ...common('demo', inputs),
    network: { natGateways: 1, endpoints: inputs.endpoints ?? false },
    database: {
      engine: 'instance',
      instances: 1,
      minAcu: 0,
      maxAcu: 0,
      connections: 80,
      backupDays: 1,
      authentication: inputs.databaseAuthentication ?? 'password',
    },
    worker: {
      kind: inputs.worker ?? 'fargate',
      cpu: 256,
      memoryMiB: 512,
      minTasks: 2,
      maxTasks: 4,
      ordersPerSecond: ordersPerSecondOfAQuarterCore,
      wantedWaitSeconds: 60,
    },
    api: { cpu: 256, memoryMiB: 512, minTasks: 1, maxTasks: 2, requestsPerTaskPerMinute: 30_000 },
    payment: inputs.paymentUrl ? { provider: 'http', url: inputs.paymentUrl } : { provider: 'simulated' },
    protection: { requestsPerAddressIn5Minutes: 2000 },
    logDays: 7,
    keepData: false,
  };
}

function production(inputs: Inputs): Config {
  const connections = 400;
  const apiTasks = 10;
  return {
    ...common('production', inputs),
    network: { natGateways: 2, endpoints: inputs.endpoints ?? false },
    database: {
      engine: 'aurora',
      instances: 2,
      minAcu: 0.5,
      maxAcu: 16,
      connections,
      backupDays: 14,
      authentication: inputs.databaseAuthentication ?? 'iam',
    },
    worker: {
      kind: inputs.worker ?? 'fargate',
      cpu: 512,
      memoryMiB: 1024,
      minTasks: 2,
      maxTasks: Math.min(20, workersWithin(connections, apiTasks)),
      ordersPerSecond: 2 * ordersPerSecondOfAQuarterCore,
      wantedWaitSeconds: 30,
    },
    api: { cpu: 512, memoryMiB: 1024, minTasks: 2, maxTasks: apiTasks, requestsPerTaskPerMinute: 60_000 },
    payment: { provider: 'http', url: inputs.paymentUrl },
    protection: { requestsPerAddressIn5Minutes: 2000 },
    logDays: 90,
    keepData: true,
  };
}

function check(config: Config): string[] {
  const problems: string[] = [];
  const need = (good: boolean, problem: string) => {
    if (!good) problems.push(problem);
  };
  need(
    config.cloudFrontPrefixList.startsWith('pl-'),
    `cloudFrontPrefixList: the id of com.amazonaws.global.cloudfront.origin-facing in ${config.region}`,
  );
  need(
    config.entrance !== 'public' || config.domain !== undefined,
    'domain: a public load balancer speaks HTTPS alone and needs a name and certificates',
  );
  need(
    ['none', 'standard', 'fifo'].includes(config.eventsTopic),
    `eventsTopic: '${config.eventsTopic}' is neither none, standard nor fifo`,
  );
  need(
    config.worker.kind === 'fargate' || config.worker.kind === 'lambda',
    `worker: '${config.worker.kind}' is neither fargate nor lambda`,
  );
  need(
    config.worker.maxTasks <= workersWithin(config.database.connections, config.api.maxTasks),
    'worker.maxTasks: more workers than the database has connections for',
  );
  for (const address of config.operators.addresses) {
    need(isCidr(address), `operators.addresses: '${address}' is no CIDR block, or all addresses, which AWS WAF refuses`);
  }
  need(['log', 'sentry'].includes(config.clientErrors), "clientErrors: 'log' or 'sentry'");
  need(
    !config.delivery || /^[\w.-]+\/[\w.-]+$/.test(config.delivery.repository),
    'delivery.repository: expected owner/name',
  );
  for (const [name, url] of Object.entries({ paymentUrl: config.payment.url, otlpEndpoint: config.otlpEndpoint })) {
    need(url === undefined || (/^https?:\/\//.test(url) && URL.canParse(url)), `${name}: '${url}' is no URL of HTTP`);
  }
  problems.push(...checkDomain(config));
  if (config.stage === 'production') problems.push(...checkProduction(config));
  return problems;
}

function isCidr(text: string): boolean {
  const [address = '', length = '', ...more] = text.split('/');
  const family = isIP(address);
  return family !== 0 && more.length === 0 && /^\d+$/.test(length) && Number(length) >= 1 && Number(length) <= (family === 4 ? 32 : 128);
}

function checkDomain({ domain, region }: Config): string[] {
  if (!domain) return [];
  const problems: string[] = [];
  const certificate = (name: string, arn: string, where: string) => {
    if (!arn?.startsWith(`arn:aws:acm:${where}:`)) problems.push(`domain.${name}: a certificate of ACM in ${where}`);
  };
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain.name ?? '')) problems.push('domain.name: expected a host name');
  certificate('siteCertificateArn', domain.siteCertificateArn, 'us-east-1');
  certificate('apiCertificateArn', domain.apiCertificateArn, region);
  return problems;
}

function checkProduction(config: Config): string[] {
  const problems: string[] = [];
  if (!config.domain) problems.push('domain: production needs a name and its two certificates');
  if (!config.payment.url?.startsWith('https://')) problems.push('paymentUrl: production needs https://...');
  if (config.operators.addresses.length === 0) problems.push('operators.addresses: nobody could reach the operator API');
  if (!config.operators.email && !config.operators.slack) problems.push('operators: alarms need email or slack');
  for (const name of ['apiService', 'workerService', 'orderflow'] as const) {
    if (!config.images[name].startsWith('sha256:')) problems.push(`images.${name}: production wants a digest, sha256:...`);
  }
  for (const name of ['shell', 'psql'] as const) {
    if (!config.images[name].includes('@sha256:')) problems.push(`images.${name}: production wants ...@sha256:...`);
  }
  return problems;
}
