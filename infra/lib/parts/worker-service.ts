// worker-service: queue -> order store. Nobody connects to it.
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import type { Config, ServiceSize } from '../config.ts';
import { timeouts } from '../timeouts.ts';
import { databaseEnvironment, databasePort, type OrderDatabase } from './order-database.ts';
import type { OrderQueues } from './order-queues.ts';
import type { OrderTopic } from './order-topic.ts';
import { InjectedParameter, type ParameterName } from './parameters.ts';
import { fargateService, ProgramTask } from './program-task.ts';
import { allowSession, serviceGroup } from './service-group.ts';

export interface WorkerServiceProps {
  readonly config: Config;
  readonly name: 'worker-service' | 'background';
  readonly size: Pick<ServiceSize, 'cpu' | 'memoryMiB'>;
  readonly tasks?: number; // none: scaleOnBacklog()
  readonly cluster: ecs.ICluster;
  readonly vpc: ec2.IVpc;
  readonly repository: ecr.IRepository;
  readonly queues: OrderQueues;
  readonly database: OrderDatabase;
  readonly topic?: OrderTopic;
}

export class WorkerService extends Construct {
  readonly service: ecs.FargateService;
  readonly task: ProgramTask;

  constructor(scope: Construct, id: string, props: WorkerServiceProps) {
    super(scope, id);
    const { config } = props;
    this.task = new ProgramTask(this, 'Program', {
      config,
      name: props.name,
      program: 'worker-service',
      repository: props.repository,
      image: config.images.workerService,
      cpu: props.size.cpu,
      memoryMiB: props.size.memoryMiB,
      serves: true,
      stopTimeout: timeouts.workerStop,
      environment: {
        ...props.queues.environment,
        ...props.topic?.environment,
        ...paymentEnvironment(config),
        ...databaseEnvironment(config),
        ORDERFLOW_WORKER_ROLE: props.name === 'background' ? 'background' : 'orders',
        ORDERFLOW_WORKER_LISTEN: '127.0.0.1:8081',
        ORDERFLOW_DRAIN_SECONDS: String(timeouts.workerDrain.toSeconds()),
      },
      secrets: workerSecrets(this, config),
    });
    props.queues.grantWorking(this.task.role);
    if (props.name === 'background') props.queues.grantDeadLetters(this.task.role);
    props.topic?.grantPublishing(this.task.role);
    props.database.grantConnect(this.task.role, 'orderflow_worker');
    const group = serviceGroup(this, config, props.vpc, 'worker-service: no requests from anybody');
    allowSession(group, props.database.securityGroup, databasePort);
    this.service = fargateService(this, 'Service', {
      cluster: props.cluster,
      name: props.name,
      task: this.task,
      group,
      tasks: props.tasks,
    });
  }

  // Tasks follow the messages that wait for each of them. The target is what one task works off in the wanted wait.
  scaleOnBacklog({ config, queues }: { config: Config; queues: OrderQueues }): void {
    const { worker } = config;
    const target = new appscaling.ScalableTarget(this, 'Tasks', {
      serviceNamespace: appscaling.ServiceNamespace.ECS,
      resourceId: `service/${this.service.cluster.clusterName}/${this.service.serviceName}`,
      scalableDimension: 'ecs:service:DesiredCount',
      minCapacity: worker.minTasks,
      maxCapacity: worker.maxTasks,
    });
    const metric = (id: string, namespace: string, name: string, statistic: string, dimensions: Record<string, string>) => ({
      id,
      returnData: false,
      metricStat: {
        stat: statistic,
        metric: {
          namespace,
          metricName: name,
          dimensions: Object.entries(dimensions).map(([key, value]) => ({ name: key, value })),
        },
      },
    });
    new appscaling.CfnScalingPolicy(this, 'Backlog', {
      policyName: `orderflow-${config.stage}-worker-backlog`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.scalableTargetId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: worker.ordersPerSecond * worker.wantedWaitSeconds,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
        customizedMetricSpecification: {
          metrics: [
            metric('visible', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Average', {
              QueueName: queues.orders.queueName,
            }),
            // As many samples a minute as there are tasks; no cost, unlike Container Insights' RunningTaskCount.
            metric('running', 'AWS/ECS', 'CPUUtilization', 'SampleCount', {
              ClusterName: this.service.cluster.clusterName,
              ServiceName: this.service.serviceName,
            }),
            { id: 'waiting', expression: 'visible / IF(FILL(running, 1) > 1, FILL(running, 1), 1)', returnData: true },
          ],
        },
      },
    });
  }
}

export function paymentEnvironment({ payment }: Config): Record<string, string> {
  const provider: Record<string, string> = { ORDERFLOW_PAYMENT_PROVIDER: payment.provider };
  return payment.url ? { ...provider, ORDERFLOW_PAYMENT_URL: payment.url } : provider;
}

// What of the parameters a worker reads, by the setting that it is.
export function workerParameters({ payment }: Config): Record<string, ParameterName> {
  return {
    DATABASE_URL: 'database/worker-url',
    ...(payment.provider === 'http' ? { ORDERFLOW_PAYMENT_SECRET: 'payment-secret' as const } : {}),
  };
}

function workerSecrets(scope: Construct, config: Config): Record<string, InjectedParameter> {
  return Object.fromEntries(
    Object.entries(workerParameters(config)).map(([setting, name]) => [setting, new InjectedParameter(scope, config.stage, name)]),
  );
}

