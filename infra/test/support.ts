// Installations to look at: the cheapest, the protected one, and the one with every switch the other way.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Inputs } from '../lib/config.ts';
import { build, type Built } from '../lib/stacks.ts';
import cdk from '../cdk.json' with { type: 'json' };

export const repository = new URL('../../', import.meta.url);
export const read = (file: string): string => readFileSync(new URL(file, repository), 'utf8');

export const productionInputs: Inputs = JSON.parse(read('infra/config/production.example.json'));

export interface Installation extends Built {
  readonly templates: Readonly<Record<string, Template>>;
}

// With the flags of cdk.json, as the command line does it. The templates are written too, for cfn-lint.
function install(name: string, stage: string, inputs: Inputs): Installation {
  const outdir = fileURLToPath(new URL(`build/synth/${name}`, repository));
  const built = build(new App({ context: cdk.context, outdir }), stage, inputs);
  const templates = Object.fromEntries(
    Object.entries(built.stacks).map(([name, stack]) => [name, Template.fromStack(stack)]),
  );
  return { ...built, templates };
}

export const demo = install('demo', 'demo', {});
export const production = install('production', 'production', productionInputs);
// Lambda worker, a topic without order, endpoints, public load balancer, x86, tokens for the database, traces to X-Ray,
// faults of pages to Sentry.
export const switchedInputs: Inputs = {
  region: 'eu-west-1',
  entrance: 'public',
  domain: productionInputs.domain,
  endpoints: true,
  worker: 'lambda',
  eventsTopic: 'standard',
  architecture: 'x86_64',
  databaseAuthentication: 'iam',
  paymentUrl: 'https://shop.example.com/payments',
  operators: { addresses: ['192.0.2.0/24', '2001:db8::/32'] },
  otlpEndpoint: 'https://xray.eu-west-1.amazonaws.com',
  clientErrors: 'sentry',
  delivery: productionInputs.delivery,
};
export const switched = install('switched', 'demo', switchedInputs);
export const installations = { demo, production, switched };
export const all = Object.entries(installations);

export interface Resource {
  readonly Type: string;
  // The shape is CloudFormation's.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly Properties: any;
  readonly [key: string]: unknown;
}

export function resources(template: Template, type: string): Resource[] {
  return Object.values(template.findResources(type)) as Resource[];
}

export const ecsServices = (template: Template) => resources(template, 'AWS::ECS::Service');

export function only(template: Template, type: string): Resource {
  const found = resources(template, type);
  if (found.length !== 1) throw new Error(`${found.length} of ${type}`);
  return found[0]!;
}

// The task definition of one of our tasks.
export function task(template: Template, family: string): Resource {
  const found = resources(template, 'AWS::ECS::TaskDefinition').find((each) => each.Properties.Family.endsWith(`-${family}`));
  if (!found) throw new Error(`no task ${family}`);
  return found;
}

// Its container that is ours.
export function container(template: Template, family: string) {
  return task(template, family).Properties.ContainerDefinitions.find(
    (each: { Name: string }) => each.Name !== 'data-directory',
  );
}

export function environment(template: Template, family: string): Record<string, unknown> {
  return Object.fromEntries(
    container(template, family).Environment.map(({ Name, Value }: { Name: string; Value: unknown }) => [Name, Value]),
  );
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

export const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

// A reference as text: `<LogicalId.Attribute>`.
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[kind, inner]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]];
  if (kind === 'Fn::Join') return (inner as [string, unknown[]])[1].map(text).join((inner as [string])[0]);
  if (kind === 'Fn::GetAtt') return `<${(inner as string[]).join('.')}>`;
  if (kind === 'Fn::ImportValue') return `<${text(inner)}>`;
  if (kind === 'Ref') return `<${inner}>`;
  if (kind === 'Fn::Sub') return text(list(inner as string)[0]);
  return `<${kind} ${JSON.stringify(inner)}>`;
}

// What the policies of a role allow: role -> statements. A role is named by its logical id.
export function statements(template: Template): Map<string, Statement[]> {
  const found = new Map<string, Statement[]>();
  const add = (role: string, document: { Statement: Statement[] }) =>
    found.set(role, [...(found.get(role) ?? []), ...document.Statement]);
  for (const role of Object.keys(template.findResources('AWS::IAM::Role'))) found.set(role, []);
  for (const [id, role] of Object.entries(template.findResources('AWS::IAM::Role')) as [string, Resource][]) {
    for (const policy of role.Properties.Policies ?? []) add(id, policy.PolicyDocument);
  }
  for (const policy of resources(template, 'AWS::IAM::Policy')) {
    for (const role of policy.Properties.Roles ?? []) add(role.Ref, policy.Properties.PolicyDocument);
  }
  return found;
}

// Of the one role whose logical id begins so.
export function allowed(template: Template, role: string): { action: string; resources: string[] }[] {
  const matches = [...statements(template)].filter(([id]) => id.startsWith(role));
  if (matches.length !== 1) throw new Error(`${role}: ${matches.map(([id]) => id).join(', ') || 'none'}`);
  return matches[0]![1].flatMap((statement) =>
    list(statement.Action).map((action) => ({ action, resources: list(statement.Resource).map(text) })),
  );
}

export function actions(template: Template, role: string): string[] {
  return allowed(template, role).map(({ action }) => action).sort();
}

export const withoutTraces = (role: { action: string }[]) =>
  role.map(({ action }) => action).filter((action) => !action.startsWith('xray:')).sort();
