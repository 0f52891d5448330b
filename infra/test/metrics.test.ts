// What alarms, dashboard and scaling look at is there: metrics of AWS by their documented names, those of the programs by
// the names and labels under which the programs register them. A wrong one is an alarm that never comes.
import { describe, expect, it } from 'vitest';
import { alarmsOfFile } from '../lib/alarm-file.ts';
import { all, demo, only, production, read, resources, text } from './support.ts';

interface Series {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: string;
}

// What CloudWatch has of each service, with the dimensions that it comes with (AWS's documentation, as far as it is used).
const ofAws: Readonly<Record<string, { names: string[]; dimensions: string[][] }>> = {
  'AWS/SQS': {
    names: ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage', 'NumberOfMessagesReceived'],
    dimensions: [['QueueName']],
  },
  'AWS/ApplicationELB': {
    names: [
      'HTTPCode_ELB_5XX_Count',
      'HTTPCode_Target_2XX_Count',
      'HTTPCode_Target_4XX_Count',
      'HTTPCode_Target_5XX_Count',
      'RequestCount',
      'TargetResponseTime',
    ],
    dimensions: [['LoadBalancer']],
  },
  'AWS/RDS': {
    names: ['ACUUtilization', 'CPUUtilization', 'DatabaseConnections', 'FreeStorageSpace'],
    dimensions: [['DBClusterIdentifier'], ['DBInstanceIdentifier']],
  },
  'AWS/ECS': { names: ['CPUUtilization'], dimensions: [['ClusterName', 'ServiceName']] },
  'ECS/ContainerInsights': {
    names: ['DesiredTaskCount', 'RunningTaskCount'],
    dimensions: [['ClusterName', 'ServiceName']],
  },
};

// The text of a call, from its name to the parenthesis that ends it.
function call(source: string, from: number): string {
  let open = 0;
  for (let at = from; at < source.length; ++at) {
    if (source[at] === '(') ++open;
    if (source[at] === ')' && --open === 0) return source.slice(from, at);
  }
  throw new Error(`no end: ${source.slice(from, from + 60)}`);
}

// name -> its labels, as the sources of a program register it (libs/observe/metrics.hpp); EMF makes dimensions of them.
function registered(...files: string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const source of files.map(read)) {
    for (const { 1: name, index } of source.matchAll(/(?:counter|gauge|histogram)\(\s*"(orderflow_\w+)"/g)) {
      found.set(name!, [...call(source, index).matchAll(/\{"(\w+)", /g)].map(([, label]) => label!));
    }
  }
  return found;
}
const ofPrograms: Readonly<Record<string, Map<string, string[]>>> = {
  'api-service': registered('api-service/api_metrics.cpp', 'api-service/handlers/client_errors.cpp'),
  'worker-service': registered(
    'worker-service/observed_worker.cpp',
    'worker-service/observed_dispatch.cpp',
    'programs/order_worker.cpp',
  ),
};

// CloudFormation's shape of a metric.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const series = ({ Namespace, MetricName, Dimensions }: any, stat: string): Series => ({
  namespace: Namespace,
  name: MetricName,
  dimensions: Object.fromEntries(
    Dimensions.map(({ Name, Value }: { Name: string; Value: unknown }) => [Name, text(Value)]),
  ),
  stat,
});

function ofAlarm(one: typeof demo, name: string): { expression?: string; looksAt: Record<string, Series> } {
  const found = resources(one.templates['watch']!, 'AWS::CloudWatch::Alarm').find(({ Properties }) =>
    Properties.AlarmName.endsWith(`-${one.config.stage}-${name}`),
  )!.Properties;
  if (!found.Metrics) return { looksAt: { it: series(found, found.Statistic ?? found.ExtendedStatistic) } };
  const of: Record<string, Series> = {};
  let expression: string | undefined;
  for (const { Id, Expression, MetricStat } of found.Metrics) {
    if (Expression) expression = Expression;
    else of[Id] = series(MetricStat.Metric, MetricStat.Stat);
  }
  return { expression, looksAt: of };
}

// ["AWS/SQS", "Name", "Dimension", "Value", {"stat":...}], as in the body of a dashboard.
function onDashboard({ templates }: typeof demo): { title: string; of: Series[] }[] {
  const body = JSON.parse(text(only(templates['watch']!, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody));
  return body.widgets
    .filter((widget: { type: string }) => widget.type === 'metric')
    .map(({ properties }: { properties: { title: string; metrics: (string | { stat?: string })[][] } }) => ({
      title: properties.title,
      of: properties.metrics.map((words) => {
        const [namespace, name, ...pairs] = words.filter((word): word is string => typeof word === 'string');
        const dimensions = Object.fromEntries(
          pairs.flatMap((word, i) => (i % 2 === 0 ? [[word, pairs[i + 1]!]] : [])),
        );
        const options = words.at(-1);
        return { namespace, name, dimensions, stat: (typeof options === 'object' && options.stat) || 'Average' };
      }),
    }));
}

const exists = ({ namespace, name, dimensions }: Series): void => {
  const where = `${namespace} ${name} ${JSON.stringify(dimensions)}`;
  if (namespace === 'Orderflow') {
    const { service, ...labels } = dimensions;
    expect(ofPrograms[service!]?.get(name), where).toEqual(Object.keys(labels));
    return;
  }
  expect(ofAws[namespace]?.names, where).toContain(name);
  expect(ofAws[namespace]!.dimensions, where).toContainEqual(Object.keys(dimensions));
};

describe('the programs', () => {
  it('register metrics where the tests look for them', () => {
    expect(ofPrograms['api-service']!.get('orderflow_orders_accepted_total')).toEqual([]);
    expect(ofPrograms['api-service']!.get('orderflow_client_errors_total')).toEqual(['kind']);
    expect(ofPrograms['worker-service']!.get('orderflow_orders_settled_total')).toEqual(['status']);
    expect(ofPrograms['worker-service']!.get('orderflow_dead_letters_open')).toEqual([]);
  });

  it('tell them: each has the switch, also the function', () => {
    for (const { templates } of [demo, production]) {
      for (const part of ['worker', 'api']) {
        for (const { Properties } of resources(templates[part]!, 'AWS::ECS::TaskDefinition')) {
          const ours = Properties.ContainerDefinitions.find(({ Name }: { Name: string }) => Name !== 'data-directory');
          expect(ours.Environment).toContainEqual({ Name: 'ORDERFLOW_METRICS', Value: 'emf' });
        }
      }
    }
  });
});

describe.each(all)('%s', (_, one) => {
  const names = resources(one.templates['watch']!, 'AWS::CloudWatch::Alarm').map(({ Properties }) =>
    Properties.AlarmName.replace(`orderflow-${one.config.stage}-`, ''),
  );

  it('every metric of an alarm is there', () => {
    for (const name of names) Object.values(ofAlarm(one, name).looksAt).forEach(exists);
  });

  it('every metric of the dashboard is there', () => {
    const widgets = onDashboard(one);
    expect(widgets.map(({ title }) => title)).toEqual([
      'Orders per minute',
      'Answers by class',
      'Time of an answer',
      'Accepted to settled',
      'Transactions of the order store',
      'Store, payments',
      'Messages that wait',
      'Age of the oldest message',
      'Database',
    ]);
    for (const { of } of widgets) {
      expect(of.length).toBeGreaterThanOrEqual(2);
      of.forEach(exists);
    }
  });

  it('api-error-rate: faults of the targets and of the balancer itself, of all requests', () => {
    const { expression, looksAt } = ofAlarm(one, 'api-error-rate');
    expect(Object.fromEntries(Object.entries(looksAt).map(([id, { name, stat }]) => [id, `${name} ${stat}`]))).toEqual({
      faults: 'HTTPCode_Target_5XX_Count Sum',
      own: 'HTTPCode_ELB_5XX_Count Sum',
      requests: 'RequestCount Sum',
    });
    const least = alarmsOfFile.find(({ name }) => name === 'api-error-rate')!.measure.at_least;
    expect(expression).toBe(`IF(requests >= ${least}, (FILL(faults, 0) + FILL(own, 0)) / requests, 0)`);
  });

  it('api-slow: the 99th percentile of the time of an answer', () => {
    const { looksAt } = ofAlarm(one, 'api-slow');
    expect(looksAt['time']).toMatchObject({ name: 'TargetResponseTime', stat: 'p99' });
  });

  it('queue-deep, queue-old: the worse of orders and commands, each alone when the other has no samples', () => {
    for (const [alarm, name] of [
      ['queue-deep', 'ApproximateNumberOfMessagesVisible'],
      ['queue-old', 'ApproximateAgeOfOldestMessage'],
    ] as const) {
      const { expression, looksAt } = ofAlarm(one, alarm);
      expect(expression).toBe('MAX([FILL(orders, 0), FILL(commands, 0)])');
      expect(looksAt['orders']).toMatchObject({ name, stat: 'Maximum' });
      expect(looksAt['commands']).toMatchObject({ name, stat: 'Maximum' });
      expect(looksAt['orders']!.dimensions['QueueName']).toMatch(/QueuesOrders/);
      expect(looksAt['commands']!.dimensions['QueueName']).toMatch(/QueuesCommands/);
    }
  });

  it('worker-silent: messages that wait all the time and of which none is received, of either queue', () => {
    const { expression, looksAt } = ofAlarm(one, 'worker-silent');
    expect(expression).toBe(
      'FILL(IF(waiting > 0 AND received == 0, 1, 0), 0) + FILL(IF(waiting2 > 0 AND received2 == 0, 1, 0), 0)',
    );
    for (const [id, queue] of [['', /QueuesOrders/], ['2', /QueuesCommands/]] as const) {
      expect(looksAt[`waiting${id}`]).toMatchObject({ name: 'ApproximateNumberOfMessagesVisible', stat: 'Minimum' });
      expect(looksAt[`received${id}`]).toMatchObject({ name: 'NumberOfMessagesReceived', stat: 'Sum' });
      for (const kind of ['waiting', 'received']) {
        expect(looksAt[`${kind}${id}`]!.dimensions['QueueName']).toMatch(queue);
      }
    }
  });

  it('dead-letters: those that wait in their queue, and those that the worker took in', () => {
    const { expression, looksAt } = ofAlarm(one, 'dead-letters');
    expect(expression).toBe('FILL(waiting, 0) + FILL(open, 0)');
    expect(looksAt['waiting']!.dimensions['QueueName']).toMatch(/QueuesDeadLetters/);
    expect(looksAt['open']).toMatchObject({ name: 'orderflow_dead_letters_open', stat: 'Maximum' });
  });

  it('tasks-missing: of every service that there is, fewer than wanted', () => {
    const services = ['worker', 'api'].flatMap((part) =>
      resources(one.templates[part]!, 'AWS::ECS::Service').map(({ Properties }) => Properties.ServiceName),
    );
    expect(names.filter((name) => name.startsWith('tasks-missing-')).sort()).toEqual(
      services.map((name) => `tasks-missing-${name}`).sort(),
    );
    for (const service of services) {
      const { expression, looksAt } = ofAlarm(one, `tasks-missing-${service}`);
      expect(expression).toBe('wanted - running');
      expect(looksAt['wanted']).toMatchObject({ name: 'DesiredTaskCount', dimensions: { ServiceName: service } });
      expect(looksAt['running']).toMatchObject({ name: 'RunningTaskCount', dimensions: { ServiceName: service } });
    }
    const { ClusterSettings } = only(one.templates['data']!, 'AWS::ECS::Cluster').Properties;
    expect(ClusterSettings).toEqual([{ Name: 'containerInsights', Value: 'enabled' }]); // which count tasks
  });

  it('process-crashed: a container that ended by itself with an error, or a task that never was, of this cluster', () => {
    const patterns = resources(one.templates['watch']!, 'AWS::Events::Rule').map(({ Properties }) => Properties.EventPattern);
    expect(patterns).toHaveLength(2);
    for (const { source, 'detail-type': type, detail } of patterns) {
      expect([source, type]).toEqual([['aws.ecs'], ['ECS Task State Change']]);
      expect(detail.lastStatus).toEqual(['STOPPED']);
      expect(detail.clusterArn.map(text)).toEqual([expect.stringMatching(/Cluster/)]);
    }
    const [ended] = patterns.filter(({ detail }) => detail.stopCode[0] === 'EssentialContainerExited');
    expect(ended.detail.containers).toEqual({ exitCode: [{ 'anything-but': [0] }] });
  });

  // Chatbot passes on alarms of CloudWatch, events as they come from AWS, and this form; anything else it drops in silence.
  it('process-crashed: told in the form that Slack is shown, to the topic of the alarms', () => {
    for (const { Properties } of resources(one.templates['watch']!, 'AWS::Events::Rule')) {
      const [{ Arn, InputTransformer }] = Properties.Targets;
      expect(text(Arn)).toMatch(/AlarmsTopic/);
      // EventBridge puts quotes around what it fills in, where there are none.
      const message = JSON.parse(text(InputTransformer.InputTemplate).replace(/([[:])<([\w-]+)>/g, '$1"<$2>"'));
      expect([message.version, message.source, message.content.textType]).toEqual(['1.0', 'custom', 'client-markdown']);
      expect(message.content.title).toMatch(/^process-crashed \(critical\): A .*<detail-group>$/);
      expect(message.content.description).toBe('<detail-stoppedReason>');
      expect(Object.values(InputTransformer.InputPathsMap)).toEqual(
        expect.arrayContaining(['$.detail.group', '$.detail.stoppedReason', '$.detail.taskArn']),
      );
    }
  });

  it('the database: processors, connections, and what of it can run out', () => {
    const aurora = one.config.database.engine === 'aurora';
    expect(names.filter((name) => name.startsWith('database-')).sort()).toEqual(
      ['database-busy', 'database-connections', 'database-down', aurora ? 'database-capacity' : 'database-room'].sort(),
    );
    expect(ofAlarm(one, 'database-busy').looksAt['it']).toMatchObject({ name: 'CPUUtilization' });
    const { Threshold } = resources(one.templates['watch']!, 'AWS::CloudWatch::Alarm').find(({ Properties }) =>
      Properties.AlarmName.endsWith('database-connections'),
    )!.Properties;
    expect(Threshold).toBe(0.8 * one.config.database.connections);
    const dimension = aurora ? 'DBClusterIdentifier' : 'DBInstanceIdentifier';
    expect(Object.keys(ofAlarm(one, 'database-busy').looksAt['it']!.dimensions)).toEqual([dimension]);
  });

  it('every alarm comes when it is over its threshold, but those that watch for too little', () => {
    for (const { Properties } of resources(one.templates['watch']!, 'AWS::CloudWatch::Alarm')) {
      const little = Properties.AlarmName.endsWith('database-room');
      expect(Properties.ComparisonOperator, Properties.AlarmName).toBe(
        little ? 'LessThanThreshold' : 'GreaterThanThreshold',
      );
      expect(Properties.TreatMissingData).toBe('notBreaching');
    }
  });

  it('CloudWatch and EventBridge may tell the topic, whose key is our own', () => {
    const watch = one.templates['watch']!;
    expect(text(only(watch, 'AWS::SNS::Topic').Properties.KmsMasterKeyId)).toMatch(/Key/);
    const tellers = ['cloudwatch.amazonaws.com', 'events.amazonaws.com'];
    const of = (statements: { Effect: string; Action: unknown; Principal: { Service?: string } }[], action: string) =>
      statements
        .filter(({ Effect, Action }) => Effect === 'Allow' && JSON.stringify(Action).includes(action))
        .flatMap(({ Principal }) => Principal.Service ?? []);
    const key = only(watch, 'AWS::KMS::Key').Properties.KeyPolicy.Statement;
    expect(of(key, 'kms:GenerateDataKey*')).toEqual(expect.arrayContaining(tellers));
    const topic = only(watch, 'AWS::SNS::TopicPolicy').Properties.PolicyDocument.Statement;
    expect(of(topic, 'sns:Publish')).toEqual(expect.arrayContaining(tellers));
  });
});
