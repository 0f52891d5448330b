// Who may deliver: GitHub Actions by OIDC, with no key that is stored. One role for each stage of the pipelines.
import { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Config, Delivery } from '../config.ts';
import { accept } from '../findings.ts';
import { taskRolePath } from './program-task.ts';

const issuer = 'token.actions.githubusercontent.com';

export interface DeliveryRolesProps {
  readonly config: Config;
  readonly delivery: Delivery;
  readonly repositories: readonly ecr.IRepository[];
}

export class DeliveryRoles extends Construct {
  readonly images: iam.Role;
  readonly deploy: iam.Role;
  readonly assets: iam.Role;
  readonly site: iam.Role;

  constructor(scope: Construct, id: string, props: DeliveryRolesProps) {
    super(scope, id);
    const { config, delivery } = props;
    const providerArn =
      delivery.githubProviderArn ??
      new iam.OidcProviderNative(this, 'GitHub', { url: `https://${issuer}`, clientIds: ['sts.amazonaws.com'] })
        .oidcProviderArn;
    const role = (name: string, what: string) =>
      new iam.Role(this, name, {
        description: `Orderflow ${config.stage}, GitHub Actions: ${what}`,
        assumedBy: new iam.FederatedPrincipal(
          providerArn,
          {
            StringEquals: {
              [`${issuer}:aud`]: 'sts.amazonaws.com',
              // Jobs of this environment alone, whose rules (branch, reviewers) are set on GitHub.
              [`${issuer}:sub`]: `repo:${delivery.repository}:environment:${config.stage}`,
            },
          },
          'sts:AssumeRoleWithWebIdentity',
        ),
      });
    this.images = role('Images', 'pushes images and reads their scan');
    grantPush(this.images, config, props.repositories);
    this.deploy = role('Deploy', 'deploys the stacks and runs the tasks of the database');
    grantDeploy(this.deploy, config);
    this.assets = role('Assets', 'puts scripts and styles into the bucket, before the API whose pages name them');
    grantAssets(this.assets, config);
    this.site = role('Site', 'puts the page into its bucket, and takes out assets that no page names any more');
    grantSite(this.site, config);
  }
}

// Shared with the roles of CodeBuild, which mirror these.
export function grantPush(role: iam.IGrantable, config: Config, repositories: readonly ecr.IRepository[]): void {
  const images = imageParameters(Stack.of(role as iam.Role), config);
  allow(role, ['ssm:PutParameter', 'ssm:GetParameter', 'ssm:GetParameterHistory'], [images]);
  allow(role, ['ecr:GetAuthorizationToken'], ['*']);
  allow(
    role,
    [
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:CompleteLayerUpload',
      'ecr:DescribeImageScanFindings',
      'ecr:DescribeImages',
      'ecr:GetDownloadUrlForLayer',
      'ecr:InitiateLayerUpload',
      'ecr:PutImage',
      'ecr:UploadLayerPart',
    ],
    repositories.map((repository) => repository.repositoryArn),
  );
  accept(role as iam.Role, {
    'AwsSolutions-IAM5[Resource::*]': 'ecr:GetAuthorizationToken knows no resource.',
    [finding(Stack.of(role as iam.Role), images)]: 'One parameter for each image.',
  });
}

// CDK's own roles do the work; whoever may assume them deploys. Beside it: the one-off tasks, by the name of their family.
export function grantDeploy(role: iam.IGrantable, config: Config): void {
  const stack = Stack.of(role as iam.Role);
  const arn = (service: string, resource: string, resourceName: string, region?: string) =>
    stack.formatArn({ service, resource, resourceName, ...(region !== undefined && { region }) });
  const cdk = ['deploy', 'file-publishing', 'lookup'].map((kind) => arn('iam', 'role', `cdk-hnb659fds-${kind}-role-*`, ''));
  const stacks = arn('cloudformation', 'stack', `orderflow-${config.stage}-*`, '*');
  const tasks = arn('ecs', 'task-definition', `orderflow-${config.stage}-*`);
  const runs = arn('ecs', 'task', `orderflow-${config.stage}/*`);
  const passed = arn('iam', 'role', `${taskRolePath(config).slice(1)}*`, '');
  const images = imageParameters(stack, config);
  allow(role, ['sts:AssumeRole'], cdk);
  allow(role, ['cloudformation:DescribeStacks'], [stacks]);
  allow(role, ['ssm:GetParameter'], [images]);
  allow(role, ['ecs:RunTask'], [tasks]);
  allow(role, ['ecs:DescribeTasks'], [runs]);
  iam.Grant.addToPrincipal({
    grantee: role,
    actions: ['iam:PassRole'],
    resourceArns: [passed],
    conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  });
  const reason = 'Names that CloudFormation completes; the beginning is that of this installation.';
  for (const each of [...cdk, stacks, tasks, runs, passed, images]) accept(role as iam.Role, { [finding(stack, each)]: reason });
}

// Assets alone: neither the page nor what is deleted is a matter of whoever deploys the API.
export function grantAssets(role: iam.IGrantable, config: Config): void {
  const stack = Stack.of(role as iam.Role);
  const { bucket, assets } = siteArns(stack, config);
  iam.Grant.addToPrincipal({
    grantee: role,
    actions: ['s3:ListBucket'],
    resourceArns: [bucket],
    conditions: { StringLike: { 's3:prefix': 'assets/*' } },
  });
  allow(role, ['s3:PutObject'], [assets]);
  allow(role, ['ssm:GetParameter', 'ssm:PutParameter'], [assetsParameter(stack, config)]);
  grantReadSite(role, config);
  accept(role as iam.Role, { [finding(stack, assets)]: 'Names that hold a hash of their content; below assets/ alone.' });
}

export function grantSite(role: iam.IGrantable, config: Config): void {
  const stack = Stack.of(role as iam.Role);
  const { bucket, assets } = siteArns(stack, config);
  const distributions = stack.formatArn({ service: 'cloudfront', region: '', resource: 'distribution', resourceName: '*' });
  grantAssets(role, config);
  allow(role, ['s3:PutObject'], [`${bucket}/index.html`]);
  allow(role, ['s3:DeleteObject'], [assets]);
  allow(role, ['ssm:GetParameterHistory'], [assetsParameter(stack, config)]);
  iam.Grant.addToPrincipal({
    grantee: role,
    actions: ['cloudfront:CreateInvalidation'],
    resourceArns: [distributions],
    conditions: { StringEquals: { 'aws:ResourceTag/stage': config.stage, 'aws:ResourceTag/system': 'orderflow' } },
  });
  accept(role as iam.Role, { [finding(stack, distributions)]: 'It has its id from AWS and is known by its tags.' });
}

function siteArns(stack: Stack, config: Config): { bucket: string; assets: string } {
  const bucket = `arn:aws:s3:::${siteBucketName(config, stack.account)}`;
  return { bucket, assets: `${bucket}/assets/*` };
}

// The assets that each release names; its history says which of the bucket's no page can want any more.
function assetsParameter(stack: Stack, { stage }: Config): string {
  return stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: `orderflow/${stage}/site-assets` });
}

// The outputs of the site's stack: bucket, distribution, address.
export function grantReadSite(role: iam.IGrantable, { stage }: Config): void {
  const stack = Stack.of(role as iam.Role);
  const site = stack.formatArn({
    service: 'cloudformation',
    region: 'us-east-1',
    resource: 'stack',
    resourceName: `orderflow-${stage}-site/*`,
  });
  allow(role, ['cloudformation:DescribeStacks'], [site]);
  accept(role as iam.Role, { [finding(stack, site)]: 'AWS puts an id behind the name of a stack.' });
}

// The digest of each image that is deployed; its history is what a rollback goes back to.
function imageParameters(stack: Stack, { stage }: Config): string {
  return stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: `orderflow/${stage}/image/*` });
}

// A name that is known before there is a bucket, so that the role can be made before the site.
export function siteBucketName(config: Config, account: string): string {
  return `orderflow-${config.stage}-site-${account}`;
}

function allow(role: iam.IGrantable, actions: string[], resourceArns: string[]): void {
  iam.Grant.addToPrincipal({ grantee: role, actions, resourceArns });
}

// How cdk-nag writes a resource of a statement.
function finding(stack: Stack, arn: string): string {
  const joined = stack.resolve(arn);
  if (typeof joined === 'string') return `AwsSolutions-IAM5[Resource::${joined}]`;
  const parts: unknown[] = joined['Fn::Join']?.[1] ?? [];
  if (parts.length === 0) throw new Error(`cannot name the finding of ${JSON.stringify(joined)}`);
  const named = parts.map((part) => (typeof part === 'string' ? part : `<${(part as { Ref: string }).Ref}>`));
  return `AwsSolutions-IAM5[Resource::${named.join('')}]`;
}
