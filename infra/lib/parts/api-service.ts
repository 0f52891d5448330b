// api-service twice, from one image: for everybody, and for operators (/v1/admin/* and the list of orders) as a service
// with a role and tokens of its own.
import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { Config, ServiceSize } from '../config.ts';
import { timeouts } from '../timeouts.ts';
import { apiPort, type Entrance, proxyHops } from './entrance.ts';
import { databaseEnvironment, databasePort, type OrderDatabase } from './order-database.ts';
import type { OrderQueues } from './order-queues.ts';
import { InjectedParameter, type ParameterName } from './parameters.ts';
import { dataDirectory, fargateService, ProgramTask } from './program-task.ts';
import { allowSession, serviceGroup } from './service-group.ts';

const keysFile = 'api-keys.json';

export interface ApiServiceProps {
  readonly config: Config;
  readonly name: 'api-service' | 'operator-api';
  readonly size: ServiceSize;
  readonly cluster: ecs.ICluster;
  readonly vpc: ec2.IVpc;
  readonly entrance: Entrance;
  readonly repository: ecr.IRepository;
  readonly queues: OrderQueues;
  readonly database: OrderDatabase;
  readonly tokens: Record<string, ParameterName>;
  readonly keys?: boolean; // it knows the API keys of programs that order
  readonly priority: number;
  readonly conditions: elb.ListenerCondition[][];
}

export class ApiService extends Construct {
  readonly service: ecs.FargateService;
  readonly targets: elb.ApplicationTargetGroup;
  readonly task: ProgramTask;

  constructor(scope: Construct, id: string, props: ApiServiceProps) {
    super(scope, id);
    const { config } = props;
    const parameter = (name: ParameterName) => new InjectedParameter(this, config.stage, name);
    this.task = new ProgramTask(this, 'Program', {
      config,
      name: props.name,
      program: 'api-service',
      repository: props.repository,
      image: config.images.apiService,
      cpu: props.size.cpu,
      memoryMiB: props.size.memoryMiB,
      port: apiPort,
      serves: true,
      stopTimeout: timeouts.apiStop,
      environment: {
        ...props.queues.environment,
        ...databaseEnvironment(config),
        ORDERFLOW_LISTEN: `0.0.0.0:${apiPort}`,
        ORDERFLOW_ACCEPT_SECONDS: String(timeouts.api.toSeconds()),
        ORDERFLOW_DRAIN_SECONDS: String(timeouts.apiDrain.toSeconds()),
        // Nobody else than the balancer reaches the port, and what it hands on is counted for who sent it.
        ORDERFLOW_TRUSTED_PROXIES: props.entrance.networks.join(', '),
        ORDERFLOW_PROXY_HOPS: String(proxyHops),
        // Named, so that without the file nothing starts: a key that is not known is no anonymous caller.
        ...(props.keys && { ORDERFLOW_API_KEYS_FILE: `${dataDirectory}/${keysFile}` }),
      },
      secrets: {
        DATABASE_URL: parameter('database/reader-url'),
        ...(config.payment.provider === 'http' ? { ORDERFLOW_PAYMENT_SECRET: parameter('payment-secret') } : {}),
        ...(config.clientErrors === 'sentry' ? { ORDERFLOW_SENTRY_DSN: parameter('sentry-dsn') } : {}),
        ...Object.fromEntries(Object.entries(props.tokens).map(([name, value]) => [name, parameter(value)])),
      },
      files: { secrets: parameter('id-secrets'), ...(props.keys && { [keysFile]: parameter('api-keys') }) },
    });
    props.queues.grantHandingOver(this.task.role);
    props.database.grantConnect(this.task.role, 'orderflow_reader');

    const group = serviceGroup(this, config, props.vpc, 'api-service: requests of the load balancer');
    group.addIngressRule(props.entrance.group, ec2.Port.tcp(apiPort), 'The load balancer');
    props.entrance.group.addEgressRule(group, ec2.Port.tcp(apiPort), 'api-service');
    allowSession(group, props.database.securityGroup, databasePort);
    this.service = fargateService(this, 'Service', {
      cluster: props.cluster,
      name: props.name,
      task: this.task,
      group,
      ...(props.size.minTasks === props.size.maxTasks && { tasks: props.size.minTasks }),
      healthGrace: Duration.seconds(60),
    });
    const [first, ...others] = props.conditions;
    this.targets = props.entrance.route(id, props.priority, first!, props.vpc);
    others.forEach((conditions, i) => props.entrance.also(`${id}${i + 2}`, props.priority + i + 1, conditions, this.targets));
    this.targets.addTarget(this.service.loadBalancerTarget({ containerName: 'api-service', containerPort: apiPort }));
  }

  // More tasks for more requests, and when requests cost more than usual.
  scaleBetween(size: ServiceSize, requestsPerTaskPerMinute: number): void {
    const scaling = this.service.autoScaleTaskCount({ minCapacity: size.minTasks, maxCapacity: size.maxTasks });
    scaling.scaleOnCpuUtilization('Processor', {
      targetUtilizationPercent: 60,
      scaleInCooldown: Duration.minutes(5),
      scaleOutCooldown: Duration.minutes(1),
    });
    scaling.scaleOnRequestCount('Requests', {
      requestsPerTarget: requestsPerTaskPerMinute,
      targetGroup: this.targets,
      scaleInCooldown: Duration.minutes(5),
      scaleOutCooldown: Duration.minutes(1),
    });
  }
}
