// The stacks, in the order in which they are deployed, and what each takes from those before it.
import { App, CfnOutput, CfnParameter, Stack, type StackProps, Tags, Validations } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Construct } from 'constructs';
import { configure, type Config, type Delivery, type Inputs } from './config.ts';
import { Alarms } from './parts/alarms.ts';
import { ApiService } from './parts/api-service.ts';
import { Dashboard } from './parts/dashboard.ts';
import { DatabaseTasks } from './parts/database-tasks.ts';
import { DeliveryRoles } from './parts/delivery-roles.ts';
import { Entrance } from './parts/entrance.ts';
import { ImageRepositories } from './parts/images.ts';
import { LambdaWorker } from './parts/lambda-worker.ts';
import { logBucket } from './parts/log-bucket.ts';
import { Network } from './parts/network.ts';
import { OrderDatabase } from './parts/order-database.ts';
import { OrderQueues } from './parts/order-queues.ts';
import { OrderTopic } from './parts/order-topic.ts';
import { Pipeline, type PipelineDelivery } from './parts/pipeline.ts';
import { Site } from './parts/site.ts';
import { WebAcl } from './parts/web-acl.ts';
import { WorkerService } from './parts/worker-service.ts';

class Part extends Stack {
  constructor(scope: Construct, name: string, readonly config: Config, props: StackProps = {}) {
    super(scope, name, {
      stackName: `orderflow-${config.stage}-${name}`,
      env: { region: config.region },
      terminationProtection: config.keepData,
      ...props,
    });
  }

  protected output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}

// Repositories of images, and who may deliver.
class RegistryStack extends Part {
  readonly repositories = new ImageRepositories(this, 'Images', { config: this.config });

  constructor(scope: Construct, config: Config) {
    super(scope, 'registry', config);
    // Nobody is trusted whom the inputs do not name: a repository of an example may be somebody's.
    if (config.delivery) this.roles(config, config.delivery);
    for (const [program, repository] of Object.entries(this.repositories.of)) {
      this.output(`Repository${program.replace('-', '')}`, repository.repositoryUri, `Images of ${program}`);
    }
  }

  private roles(config: Config, delivery: Delivery): void {
    const repositories = Object.values(this.repositories.of);
    const roles = new DeliveryRoles(this, 'Delivery', { config, delivery, repositories });
    this.output('ImagesRoleArn', roles.images.roleArn, 'GitHub: variable AWS_IMAGES_ROLE of the environment');
    this.output('DeployRoleArn', roles.deploy.roleArn, 'GitHub: variable AWS_DEPLOY_ROLE of the environment');
    this.output('AssetsRoleArn', roles.assets.roleArn, 'GitHub: variable AWS_ASSETS_ROLE of the environment');
    this.output('SiteRoleArn', roles.site.roleArn, 'GitHub: variable AWS_SITE_ROLE of the environment');
  }
}

// What outlives every release: network, queues, database; and the tasks that prepare the database.
class DataStack extends Part {
  readonly network: Network;
  readonly queues: OrderQueues;
  readonly topic?: OrderTopic;
  readonly database: OrderDatabase;
  readonly cluster: ecs.Cluster;

  constructor(scope: Construct, config: Config, registry: RegistryStack) {
    super(scope, 'data', config);
    const logs = logBucket(this, 'Logs', { config });
    this.network = new Network(this, 'Network', { config, flowLogs: logs });
    const { vpc } = this.network;
    this.queues = new OrderQueues(this, 'Queues', { config });
    const kind = config.eventsTopic;
    if (kind !== 'none') this.topic = new OrderTopic(this, 'Events', { config, kind });
    this.database = new OrderDatabase(this, 'Database', { config, vpc });
    this.cluster = new ecs.Cluster(this, 'Cluster', {
      vpc,
      clusterName: `orderflow-${config.stage}`,
      containerInsightsV2: ecs.ContainerInsights.ENABLED,
    });
    const tasks = new DatabaseTasks(this, 'DatabaseTasks', {
      config,
      vpc,
      repository: registry.repositories.of.orderflow,
      database: this.database,
    });
    this.output('ClusterName', this.cluster.clusterName, 'Where tasks run');
    this.output('DatabaseHost', this.database.host, 'For ./dev aws secrets');
    this.output('RolesTask', tasks.roles.taskDefinitionArn, 'Run once: makes the roles of the database');
    this.output('MigrateTask', tasks.migrate.definition.taskDefinitionArn, 'Run before each release: orderflow migrate');
    this.output('TaskSubnets', vpc.selectSubnets({ subnetGroupName: 'services' }).subnetIds.join(','), 'Of these tasks');
    this.output('TaskGroup', tasks.group.securityGroupId, 'Of these tasks');
    this.output('OrdersQueueUrl', this.queues.orders.queueUrl, 'The queue of orders');
    if (this.topic) this.output('EventsTopicArn', this.topic.topic.topicArn, 'To subscribe to events of orders');
  }
}

// Everything that writes the order store.
class WorkerStack extends Part {
  readonly services: string[] = ['background'];

  constructor(scope: Construct, config: Config, registry: RegistryStack, data: DataStack) {
    super(scope, 'worker', config);
    const { queues, database, cluster, topic } = data;
    const { vpc } = data.network;
    const repository = registry.repositories.of['worker-service'];
    const common = { config, cluster, vpc, repository, queues, database };
    // Commands, dead letters, events out, orders on hold, retention: always, whatever works off the orders.
    new WorkerService(this, 'Background', {
      ...common,
      topic, // nobody else runs the dispatcher
      name: 'background',
      size: { cpu: 256, memoryMiB: 512 },
      tasks: 1,
    });
    if (config.worker.kind === 'lambda') {
      const worker = new LambdaWorker(this, 'Lambda', { config, vpc, repository, queues, database });
      this.output('WorkerFunction', worker.function.functionName, 'The worker');
      return;
    }
    const worker = new WorkerService(this, 'Worker', {
      ...common,
      name: 'worker-service',
      size: config.worker,
    });
    worker.scaleOnBacklog({ config, queues });
    this.services.push('worker-service');
  }
}

// The load balancer, and api-service behind it twice.
class ApiStack extends Part {
  readonly entrance: Entrance;
  readonly services: readonly string[] = ['api-service', 'operator-api'];

  constructor(scope: Construct, config: Config, registry: RegistryStack, data: DataStack) {
    super(scope, 'api', config);
    const { queues, database, cluster } = data;
    const { vpc } = data.network;
    const repository = registry.repositories.of['api-service'];
    const accessLogs = logBucket(this, 'Logs', { config });
    this.entrance = new Entrance(this, 'Entrance', { config, vpc, accessLogs });
    const common = { config, cluster, vpc, entrance: this.entrance, repository, queues, database };
    const paths = (...all: string[]) => elb.ListenerCondition.pathPatterns(all);
    new ApiService(this, 'Operators', {
      ...common,
      name: 'operator-api',
      size: { cpu: 256, memoryMiB: 512, minTasks: 1, maxTasks: 1 },
      tokens: { ORDERFLOW_ADMIN_TOKEN: 'operator-admin-token', ORDERFLOW_ADMIN_READ_TOKEN: 'operator-read-token' },
      priority: 1,
      conditions: [
        [paths('/v1/admin/*', '/ops')],
        [paths('/v1/orders'), elb.ListenerCondition.httpRequestMethods(['GET'])],
      ],
    });
    const api = new ApiService(this, 'Api', {
      ...common,
      name: 'api-service',
      size: config.api,
      tokens: { ORDERFLOW_ADMIN_TOKEN: 'api-admin-token' },
      keys: true,
      priority: 10,
      conditions: [[paths('/order', '/orders/*', '/v1/*')]],
    });
    api.scaleBetween(config.api, config.api.requestsPerTaskPerMinute);
    this.output('ApiService', api.service.serviceName, 'For ./dev aws keys: its tasks read the keys at their start');
    if (config.entrance === 'vpc-origin') {
      this.output('BalancerArn', this.entrance.balancer.loadBalancerArn, 'Parameter of the stack site');
    }
    this.output('BalancerName', this.entrance.balancer.loadBalancerDnsName, 'Parameter of the stack site');
  }
}

// Alarms, news of them, dashboard.
class WatchStack extends Part {
  constructor(scope: Construct, config: Config, data: DataStack, worker: WorkerStack, api: ApiStack) {
    super(scope, 'watch', config);
    const props = {
      config,
      queues: data.queues,
      database: data.database,
      balancer: api.entrance.balancer,
      cluster: data.cluster,
      services: [...worker.services, ...api.services],
    };
    const alarms = new Alarms(this, 'Alarms', props);
    new Dashboard(this, 'Dashboard', { ...props, alarms });
    this.output('AlarmTopicArn', alarms.topic.topicArn, 'News of alarms');
  }
}

// CloudFront, its web ACL and its bucket, where CloudFront looks for them. The region of the API may be another: its load
// balancer comes as two parameters, from the outputs of the stack `api`.
class SiteStack extends Part {
  constructor(scope: Construct, config: Config) {
    super(scope, 'site', config, { env: { region: 'us-east-1' } });
    const parameter = (name: string, description: string) =>
      new CfnParameter(this, name, { type: 'String', description, minLength: 1 }).valueAsString;
    const internal = config.entrance === 'vpc-origin';
    const site = new Site(this, 'Site', {
      config,
      webAclArn: new WebAcl(this, 'Protection', { config }).arn,
      logs: logBucket(this, 'Logs', { config, cloudFront: true }),
      ...(internal && { balancerArn: parameter('BalancerArn', 'Output BalancerArn of the stack api') }),
      balancerName: parameter('BalancerName', 'Output BalancerName of the stack api'),
    });
    const name = config.domain?.name ?? site.distribution.distributionDomainName;
    this.output('Url', `https://${name}`, 'The shop');
    this.output('DistributionName', site.distribution.distributionDomainName, 'What the name of the shop is an alias of');
    this.output('DistributionId', site.distribution.distributionId, 'For invalidations');
    this.output('Bucket', site.bucket.bucketName, 'The files of the page');
  }
}

class PipelineStack extends Part {
  constructor(scope: Construct, config: Config, delivery: PipelineDelivery, registry: RegistryStack) {
    super(scope, 'pipeline', config);
    new Pipeline(this, 'Pipeline', { config, delivery, repositories: Object.values(registry.repositories.of) });
  }
}

// CloudFormation has learned their tags of late; not every region and tool knows them.
const untagged = [
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::CloudWatch::Dashboard',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
];

export interface Built {
  readonly app: App;
  readonly config: Config;
  readonly stacks: Readonly<Record<string, Stack>>;
}

// Everything of one installation. Throws ConfigError.
export function build(app: App, stage: string, inputs: Inputs): Built {
  const config = configure(stage, inputs);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const registry = new RegistryStack(app, config);
  const data = new DataStack(app, config, registry);
  const worker = new WorkerStack(app, config, registry, data);
  const api = new ApiStack(app, config, registry, data);
  const watch = new WatchStack(app, config, data, worker, api);
  const site = new SiteStack(app, config);
  const stacks: Record<string, Stack> = { registry, data, worker, api, watch, site };
  const { delivery } = config;
  if (delivery?.codeConnectionArn) {
    const connected = { ...delivery, codeConnectionArn: delivery.codeConnectionArn };
    stacks['pipeline'] = new PipelineStack(app, config, connected, registry);
  }
  for (const [name, value] of Object.entries(config.tags)) {
    Tags.of(app).add(name, value, { excludeResourceTypes: untagged });
  }
  return { app, config, stacks };
}
