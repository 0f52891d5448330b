// The worker as a Lambda function on the container image of worker-service: orders alone. Everything else is the
// background task's: commands too, as a redrive of many letters takes longer than a function may.
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { functionsWithin, type Config } from '../config.ts';
import { accept } from '../findings.ts';
import { logGroup } from './logs.ts';
import { databaseEnvironment, databasePort, type OrderDatabase } from './order-database.ts';
import { lambdaTimeout, type OrderQueues } from './order-queues.ts';
import { allowTraces } from './program-task.ts';
import { allowSession, serviceGroup } from './service-group.ts';
import { paymentEnvironment, workerParameters } from './worker-service.ts';

export interface LambdaWorkerProps {
  readonly config: Config;
  readonly vpc: ec2.IVpc;
  readonly repository: ecr.IRepository;
  readonly queues: OrderQueues;
  readonly database: OrderDatabase;
}

export class LambdaWorker extends Construct {
  readonly function: lambda.DockerImageFunction;
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: LambdaWorkerProps) {
    super(scope, id);
    const { config } = props;
    const parameters = Object.entries(workerParameters(config));
    const group = serviceGroup(this, config, props.vpc, 'Lambda worker: no requests from anybody');
    allowSession(group, props.database.securityGroup, databasePort);
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `Orderflow ${config.stage}: what the Lambda worker may do`,
      managedPolicies: [
        iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaVPCAccessExecutionRole'),
      ],
    });
    this.function = new lambda.DockerImageFunction(this, 'Function', {
      code: lambda.DockerImageCode.fromEcr(props.repository, {
        tagOrDigest: config.images.workerService,
        cmd: ['--lambda'],
        // The image's own is its user's, and Lambda runs it as another.
        workingDirectory: '/tmp',
      }),
      architecture: config.architecture === 'arm64' ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64,
      memorySize: 512,
      timeout: lambdaTimeout,
      role: this.role,
      logGroup: logGroup(this, 'Logs', config),
      vpc: props.vpc,
      vpcSubnets: { subnetGroupName: 'services' },
      securityGroups: [group],
      environment: {
        ...props.queues.environment,
        ...paymentEnvironment(config),
        ...databaseEnvironment(config),
        ORDERFLOW_METRICS: 'emf',
        ORDERFLOW_PROFILE: config.stage === 'production' ? 'production' : 'development',
        ORDERFLOW_DATA_DIR: '/tmp/orderflow',
        // The program reads its parameters itself: Lambda injects none. Names, not values.
        ORDERFLOW_PARAMETERS: parameters.map(([setting, name]) => `${setting}=/orderflow/${config.stage}/${name}`).join(','),
        ...(config.otlpEndpoint ? { OTEL_EXPORTER_OTLP_ENDPOINT: config.otlpEndpoint } : {}),
      },
    });
    this.function.addEventSourceMapping('Orders', {
      eventSourceArn: props.queues.orders.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency: functionsWithin(config.database.connections, config.api.maxTasks),
    });
    props.queues.grantOrdersAlone(this.role);
    allowTraces(this.role, config);
    props.database.grantConnect(this.role, 'orderflow_worker');
    iam.Grant.addToPrincipal({
      grantee: this.role,
      actions: ['ssm:GetParameters'],
      resourceArns: parameters.map(([, name]) =>
        Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: `orderflow/${config.stage}/${name}` }),
      ),
    });
    accept(this.role, {
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole]':
        'The network interfaces of a function in a VPC and its log; AWS keeps that policy.',
    });
  }
}
