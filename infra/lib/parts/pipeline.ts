// CodePipeline and CodeBuild, mirroring the workflows of GitHub Actions: the same commands of ./dev, one project and one
// role for each stage (infra/pipelines/*.buildspec.yml).
import { type CfnElement, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config, Delivery } from '../config.ts';
import { accept } from '../findings.ts';
import { grantAssets, grantDeploy, grantPush, grantReadSite, grantSite } from './delivery-roles.ts';
import { logGroup } from './logs.ts';

// In the order of docs/deploy-aws.md.
export const stages = ['test', 'images', 'data', 'worker', 'api', 'site', 'smoke'] as const;

export type PipelineDelivery = Delivery & { readonly codeConnectionArn: string };

export interface PipelineProps {
  readonly config: Config;
  readonly delivery: PipelineDelivery;
  readonly repositories: readonly ecr.IRepository[];
}

export class Pipeline extends Construct {
  private readonly projects: codebuild.PipelineProject[] = [];

  constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, id);
    const { config, delivery } = props;
    const key = new kms.Key(this, 'Key', {
      enableKeyRotation: true,
      description: 'Orderflow: what passes between the stages of the pipeline',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const artifacts = new s3.Bucket(this, 'Artifacts', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: key,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(30) }],
      removalPolicy: RemovalPolicy.DESTROY,
    });
    accept(artifacts, { 'AwsSolutions-S1': 'Copies of a source that is elsewhere, for thirty days.' });
    const source = new codepipeline.Artifact('source');
    const [owner, repo] = delivery.repository.split('/') as [string, string];
    const pipeline = new codepipeline.Pipeline(this, 'Pipeline', {
      pipelineName: `orderflow-${config.stage}`,
      pipelineType: codepipeline.PipelineType.V2,
      artifactBucket: artifacts,
    });
    const reader = new iam.Role(this, 'SourceRole', {
      assumedBy: new iam.ArnPrincipal(pipeline.role.roleArn),
      description: `Orderflow ${config.stage}, CodePipeline: reads the repository`,
    });
    allowConnection(reader, delivery);
    pipeline.addStage({
      stageName: 'source',
      actions: [
        new actions.CodeStarConnectionsSourceAction({
          actionName: 'github',
          owner,
          repo,
          branch: delivery.branch,
          connectionArn: delivery.codeConnectionArn,
          output: source,
          role: reader,
          // With its history: an image has the commit as its tag and its times, and tests look at what git tracks.
          codeBuildCloneOutput: true,
        }),
      ],
    });
    for (const name of stages) {
      const project = this.project(name, props, key);
      pipeline.addStage({
        stageName: name,
        actions: [new actions.CodeBuildAction({ actionName: name, input: source, project })],
      });
    }
    this.acceptGrantsOfCdk(artifacts);
  }

  private project(name: (typeof stages)[number], props: PipelineProps, key: kms.IKey): codebuild.PipelineProject {
    const { config } = props;
    const { smokeToken } = props.delivery;
    const scope = new Construct(this, name);
    const role = new iam.Role(scope, 'Role', {
      assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com'),
      description: `Orderflow ${config.stage}, CodeBuild: ${name}`,
    });
    const project = new codebuild.PipelineProject(scope, 'Project', {
      projectName: `orderflow-${config.stage}-${name}`,
      role,
      buildSpec: codebuild.BuildSpec.fromSourceFilename(`infra/pipelines/${name}.buildspec.yml`),
      encryptionKey: key,
      timeout: Duration.minutes(name === 'test' ? 120 : 60),
      environment: {
        buildImage: buildImage(name, config),
        computeType: name === 'test' || name === 'images' ? codebuild.ComputeType.LARGE : codebuild.ComputeType.SMALL,
        // An image is built with an engine, which needs it.
        privileged: name === 'images',
      },
      environmentVariables: {
        STAGE: { value: config.stage },
        AWS_REGION: { value: config.region },
        ...(name === 'smoke' && smokeToken && { ORDERFLOW_SMOKE_TOKEN: { value: smokeToken } }),
      },
      logging: { cloudWatch: { logGroup: logGroup(scope, 'Logs', config) } },
    });
    allowConnection(role, props.delivery);
    if (name === 'images') grantPush(role, config, props.repositories);
    if (name === 'data' || name === 'worker' || name === 'api') grantDeploy(role, config);
    if (name === 'smoke') grantReadSite(role, config);
    if (name === 'api') grantAssets(role, config);
    if (name === 'site') {
      grantDeploy(role, config);
      grantSite(role, config);
    }
    if (name === 'images') accept(project, { 'AwsSolutions-CB3': 'Images are built with an engine, which needs it.' });
    this.projects.push(project);
    return project;
  }

  // Statements that CDK makes: each project's and the pipeline's own log, reports and artifacts.
  private acceptGrantsOfCdk(artifacts: s3.Bucket): void {
    const stack = Stack.of(this);
    const name = (construct: Construct) => stack.getLogicalId(construct.node.defaultChild as CfnElement);
    const arn = (rest: string) => `Resource::arn:<AWS::Partition>:${rest}`;
    const grants = [
      ...['GetObject', 'GetBucket', 'List', 'DeleteObject', 'Abort'].map((action) => `Action::s3:${action}*`),
      ...['ReEncrypt', 'GenerateDataKey'].map((action) => `Action::kms:${action}*`),
      `Resource::<${name(artifacts)}.Arn>/*`,
      ...this.projects.flatMap((project) => [
        arn(`logs:${stack.region}:<AWS::AccountId>:log-group:/aws/codebuild/<${name(project)}>:*`),
        arn(`codebuild:${stack.region}:<AWS::AccountId>:report-group/<${name(project)}>-*`),
      ]),
    ];
    for (const grant of grants) {
      accept(this, { [`AwsSolutions-IAM5[${grant}]`]: 'Made by CDK: artifacts, log and reports of this pipeline alone.' });
    }
  }
}

// CDK grants it by the service's former name, which IAM does not take for a connection that has the new one in its ARN.
function allowConnection(role: iam.Role, delivery: PipelineDelivery): void {
  iam.Grant.addToPrincipal({
    grantee: role,
    actions: ['codeconnections:UseConnection'],
    resourceArns: [delivery.codeConnectionArn],
  });
}

// Ubuntu 24.04, whose packages ./dev installs; an image is built on the processor that it will run on.
function buildImage(name: (typeof stages)[number], { architecture }: Config): codebuild.IBuildImage {
  return name === 'images' && architecture === 'arm64'
    ? codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0
    : codebuild.LinuxBuildImage.STANDARD_8_0;
}
