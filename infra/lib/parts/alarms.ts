// Alarms to people: those of contracts/alarms.json that mean something here, and what only AWS can see.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { alarmOfFile, minutes } from '../alarm-file.ts';
import type { Config } from '../config.ts';
import type { OrderDatabase } from './order-database.ts';
import type { OrderQueues } from './order-queues.ts';
import { programMetric } from './program-metrics.ts';

export interface AlarmsProps {
  readonly config: Config;
  readonly queues: OrderQueues;
  readonly database: OrderDatabase;
  readonly balancer: elb.IApplicationLoadBalancer;
  readonly cluster: ecs.ICluster;
  // By name: an import from the stack of a service would keep that stack from letting it go (worker: lambda).
  readonly services: readonly string[];
}

export class Alarms extends Construct {
  readonly topic: sns.Topic;
  readonly all: cloudwatch.Alarm[] = [];

  constructor(scope: Construct, id: string, private readonly props: AlarmsProps) {
    super(scope, id);
    this.topic = this.makeTopic();
    this.ofApi();
    this.ofQueues();
    this.ofWebhooks();
    this.ofStore();
    this.ofTasks();
  }

  // CloudWatch and EventBridge may only publish to a topic whose key lets them, which AWS's own key does not.
  private makeTopic(): sns.Topic {
    const { config } = this.props;
    const key = new kms.Key(this, 'Key', {
      enableKeyRotation: true,
      description: 'Orderflow: news of alarms',
      removalPolicy: RemovalPolicy.DESTROY, // nothing is kept under it
    });
    for (const service of ['cloudwatch.amazonaws.com', 'events.amazonaws.com']) {
      key.grant(new iam.ServicePrincipal(service), 'kms:Decrypt', 'kms:GenerateDataKey*');
    }
    const topic = new sns.Topic(this, 'Topic', { masterKey: key, enforceSSL: true, displayName: 'Orderflow' });
    topic.grantPublish(new iam.ServicePrincipal('cloudwatch.amazonaws.com'));
    if (config.operators.email) topic.addSubscription(new subscriptions.EmailSubscription(config.operators.email));
    if (config.operators.slack) {
      new chatbot.SlackChannelConfiguration(this, 'Slack', {
        slackChannelConfigurationName: `orderflow-${config.stage}`,
        slackWorkspaceId: config.operators.slack.workspaceId,
        slackChannelId: config.operators.slack.channelId,
        notificationTopics: [topic],
        guardrailPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('CloudWatchReadOnlyAccess')],
      });
    }
    return topic;
  }

  private ofApi(): void {
    const { balancer } = this.props;
    const rate = alarmOfFile('api-error-rate');
    const window = Duration.seconds(rate.measure.window_seconds!);
    const sum = (of: cloudwatch.Metric) => of.with({ period: window, statistic: 'Sum' });
    const faults = sum(balancer.metrics.httpCodeTarget(elb.HttpCodeTarget.TARGET_5XX_COUNT));
    const own = sum(balancer.metrics.httpCodeElb(elb.HttpCodeElb.ELB_5XX_COUNT));
    const requests = sum(balancer.metrics.requestCount());
    this.fromFile('api-error-rate', {
      metric: math(
        `IF(requests >= ${rate.measure.at_least}, (FILL(faults, 0) + FILL(own, 0)) / requests, 0)`,
        { faults, own, requests },
        window,
      ),
    });
    const slow = alarmOfFile('api-slow');
    const slowWindow = Duration.seconds(slow.measure.window_seconds!);
    const percentile = `p${slow.measure.quantile! * 100}`;
    this.fromFile('api-slow', {
      metric: math(
        `IF(requests >= ${slow.measure.at_least}, time, 0)`,
        {
          time: balancer.metrics.targetResponseTime({ period: slowWindow, statistic: percentile }),
          requests: balancer.metrics.requestCount({ period: slowWindow, statistic: 'Sum' }),
        },
        slowWindow,
      ),
    });
    this.ofPages();
  }

  // One series for each kind of fault; CloudWatch adds up none by itself.
  private ofPages(): void {
    const { of, window_seconds } = alarmOfFile('browser-errors').measure;
    const window = Duration.seconds(window_seconds!);
    const kinds = of!.labels!['kind']!;
    this.fromFile('browser-errors', {
      metric: math(
        kinds.map((kind) => `FILL(${kind}, 0)`).join(' + '),
        Object.fromEntries(
          kinds.map((kind) => [kind, programMetric('api-service', of!.metric, { labels: { kind }, period: window })]),
        ),
        window,
      ),
    });
  }

  private ofQueues(): void {
    const { orders, commands, deadLetters } = this.props.queues;
    const minute = Duration.minutes(1);
    const working = [orders, commands];
    const largest = (metric: (queue: (typeof working)[number]) => cloudwatch.Metric) =>
      math('MAX([FILL(orders, 0), FILL(commands, 0)])', { orders: metric(orders), commands: metric(commands) }, minute);
    this.fromFile('queue-deep', {
      metric: largest((queue) =>
        queue.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: 'Maximum' }),
      ),
    });
    this.fromFile('queue-old', {
      metric: largest((queue) => queue.metricApproximateAgeOfOldestMessage({ period: minute, statistic: 'Maximum' })),
    });
    // Standing still: messages wait all the time, and none is received.
    const standstill = alarmOfFile('worker-silent');
    this.fromFile('worker-silent', {
      metric: math(
        // A queue that nobody uses has no samples after six hours; it must not hide the other one.
        'FILL(IF(waiting > 0 AND received == 0, 1, 0), 0) + FILL(IF(waiting2 > 0 AND received2 == 0, 1, 0), 0)',
        {
          waiting: orders.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: 'Minimum' }),
          received: orders.metricNumberOfMessagesReceived({ period: minute, statistic: 'Sum' }),
          waiting2: commands.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: 'Minimum' }),
          received2: commands.metricNumberOfMessagesReceived({ period: minute, statistic: 'Sum' }),
        },
        minute,
      ),
      threshold: 0,
      evaluationPeriods: minutes(standstill.above!),
    });
    // Those that wait in the queue, and those that the worker took from it and stored.
    this.fromFile('dead-letters', {
      metric: math(
        'FILL(waiting, 0) + FILL(open, 0)',
        {
          waiting: deadLetters.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: 'Maximum' }),
          open: programMetric('worker-service', 'orderflow_dead_letters_open', { statistic: 'Maximum' }),
        },
        minute,
      ),
    });
  }

  private ofWebhooks(): void {
    this.fromFile('webhook-late', {
      metric: programMetric('worker-service', 'orderflow_webhook_oldest_seconds', { statistic: 'Maximum' }),
    });
  }

  private ofStore(): void {
    const { config, database } = this.props;
    this.fromFile('database-down', {
      metric: programMetric('worker-service', 'orderflow_worker_store_down', { statistic: 'Maximum' }),
    });
    const metric = (metricName: string, statistic: string) =>
      new cloudwatch.Metric({ ...database.metrics, metricName, statistic, period: Duration.minutes(5) });
    this.add('database-busy', 'The database has used more than 80 % of its processors for ten minutes.', {
      metric: metric('CPUUtilization', 'Average'),
      threshold: 80,
      evaluationPeriods: 2,
    });
    this.add('database-connections', 'The database has used more than 80 % of its connections for five minutes.', {
      metric: metric('DatabaseConnections', 'Maximum'),
      threshold: Math.floor(config.database.connections * 0.8),
      evaluationPeriods: 1,
    });
    if (config.database.engine === 'aurora') {
      this.add('database-capacity', 'Aurora has been at more than 90 % of its largest size for ten minutes.', {
        metric: metric('ACUUtilization', 'Maximum'),
        threshold: 90,
        evaluationPeriods: 2,
      });
      return;
    }
    this.add('database-room', 'The database has less than 2 GiB left on its disk.', {
      metric: metric('FreeStorageSpace', 'Minimum'),
      threshold: 2 * 1024 ** 3,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    });
  }

  private ofTasks(): void {
    const { cluster, services } = this.props;
    for (const name of services) {
      const count = (metricName: string) =>
        new cloudwatch.Metric({
          namespace: 'ECS/ContainerInsights',
          metricName,
          dimensionsMap: { ClusterName: cluster.clusterName, ServiceName: name },
          statistic: 'Average',
          period: Duration.minutes(1),
        });
      this.add(`tasks-missing-${name}`, `${name} has had fewer tasks than it should for five minutes.`, {
        metric: math(
          'wanted - running',
          { wanted: count('DesiredTaskCount'), running: count('RunningTaskCount') },
          Duration.minutes(1),
        ),
        threshold: 0,
        evaluationPeriods: 5,
      });
    }
    this.crash('Exited', 'A container of ours ended by itself with an error.', {
      stopCode: ['EssentialContainerExited'],
      containers: { exitCode: [{ 'anything-but': [0] }] },
    });
    this.crash('NotStarted', 'A task could not be started.', { stopCode: ['TaskFailedToStart'] });
  }

  // alarmOfFile('process-crashed'): on Fargate a task leaves no mark for the next one, so ECS tells.
  private crash(id: string, description: string, detail: Record<string, unknown>): void {
    const { cluster } = this.props;
    const { severity } = alarmOfFile('process-crashed');
    const of = (path: string) => events.EventField.fromPath(`$.detail.${path}`);
    new events.Rule(this, `Crash${id}`, {
      description,
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [cluster.clusterArn], lastStatus: ['STOPPED'], ...detail },
      },
      targets: [
        new targets.SnsTopic(this.topic, {
          // The one form beside alarms of CloudWatch that Slack is shown; e-mail shows it as it is.
          message: events.RuleTargetInput.fromObject({
            version: '1.0',
            source: 'custom',
            content: {
              textType: 'client-markdown',
              title: `process-crashed (${severity}): ${description} ${of('group')}`,
              description: of('stoppedReason'), // alone: inside of another text its quotes would end it
              nextSteps: ['docs/runbook.md, "Alarms", process-crashed'],
            },
            metadata: { relatedResources: [of('taskArn')] },
          }),
        }),
      ],
    });
  }

  private fromFile(name: string, props: Partial<cloudwatch.CreateAlarmOptions> & { metric: cloudwatch.IMetric }) {
    const alarm = alarmOfFile(name);
    this.add(name, `${alarm.summary} (${alarm.severity})`, {
      threshold: alarm.above ?? alarm.below!,
      evaluationPeriods: minutes(alarm.hold_seconds),
      comparisonOperator:
        alarm.below === undefined
          ? cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
          : cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      ...props,
    });
  }

  private add(name: string, alarmDescription: string, props: cloudwatch.CreateAlarmOptions & { metric: cloudwatch.IMetric }) {
    const entry = name.replace(/^tasks-missing-.*/, 'tasks-missing');
    const alarm = new cloudwatch.Alarm(this, name, {
      alarmName: `orderflow-${this.props.config.stage}-${name}`,
      alarmDescription: `${alarmDescription} What to do: docs/runbook.md, "Alarms", ${entry}.`,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      ...props,
    });
    const tell = new actions.SnsAction(this.topic);
    alarm.addAlarmAction(tell);
    alarm.addOkAction(tell);
    this.all.push(alarm);
  }
}

function math(
  expression: string,
  usingMetrics: Record<string, cloudwatch.IMetric>,
  period: Duration,
): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({ expression, usingMetrics, period });
}
