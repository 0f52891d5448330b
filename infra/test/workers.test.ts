// What works off the queues (docs/deploy-aws.md, "What the stacks hold"): worker-service, its background, the function on
// Lambda, and the topic that the dispatcher publishes to.
import { describe, expect, it } from 'vitest';
import { functionsWithin, workersWithin } from '../lib/config.ts';
import {
  actions,
  all,
  allowed,
  container,
  demo,
  ecsServices,
  environment,
  only,
  production,
  read,
  resources,
  switched,
  task,
  text,
  withoutTraces,
} from './support.ts';

describe('worker-service', () => {
  it.each(all)('%s: nobody connects to it', (_, { templates }) => {
    const template = templates['worker']!;
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 0);
    for (const { Properties } of ecsServices(template)) expect(Properties).not.toHaveProperty('LoadBalancers');
    for (const { Properties } of resources(template, 'AWS::EC2::SecurityGroup')) {
      expect(Properties).not.toHaveProperty('SecurityGroupIngress');
    }
    // What comes in here goes into the database's group.
    for (const { Properties } of resources(template, 'AWS::EC2::SecurityGroupIngress')) {
      expect(text(Properties.GroupId)).toMatch(/Database/);
    }
  });

  it('has 60 s to stop, and drains before', () => {
    for (const family of ['worker-service', 'background']) {
      expect(container(production.templates['worker']!, family).StopTimeout).toBe(60);
      expect(Number(environment(production.templates['worker']!, family)['ORDERFLOW_DRAIN_SECONDS'])).toBeLessThan(60);
    }
  });

  it('scales by what waits for each task', () => {
    const { config, templates } = production;
    const { TargetValue, CustomizedMetricSpecification } = only(
      templates['worker']!,
      'AWS::ApplicationAutoScaling::ScalingPolicy',
    ).Properties.TargetTrackingScalingPolicyConfiguration;
    expect(TargetValue).toBe(config.worker.ordersPerSecond * config.worker.wantedWaitSeconds);
    const expression = CustomizedMetricSpecification.Metrics.find((each: { Expression?: string }) => each.Expression);
    expect(expression.Expression).toMatch(/^visible \/ IF\(.*running.*, 1\)$/);
    const { MinCapacity, MaxCapacity } = only(templates['worker']!, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties;
    expect(MinCapacity).toBe(2);
    expect(MaxCapacity).toBeLessThanOrEqual(workersWithin(config.database.connections, config.api.maxTasks));
  });

  it.each(all)('%s: its role works on orders and commands and sends to both; dead letters are for the background', (_, one) => {
    const worker = one.templates['worker']!;
    const isFunction = Object.keys(worker.findResources('AWS::Lambda::Function')).length > 0;
    const roles = isFunction ? ['BackgroundProgramRole'] : ['BackgroundProgramRole', 'WorkerProgramRole'];
    for (const name of roles) {
      const role = allowed(worker, name).filter(({ action }) => action !== 'sns:Publish');
      expect([...new Set(withoutTraces(role))]).toEqual([
        'rds-db:connect',
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ]);
      const queues = (wanted: string) => role.filter(({ action }) => action === wanted).flatMap(({ resources }) => resources);
      const worked = name === 'BackgroundProgramRole' ? 3 : 2;
      for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility']) {
        expect(queues(action), `${name} ${action}`).toHaveLength(worked);
      }
      expect(queues('sqs:GetQueueAttributes')).toHaveLength(3); // readiness asks for the depth of all
      expect(queues('sqs:SendMessage')).toHaveLength(2);
    }
  });
});

describe('events topic', () => {
  const topics = ({ templates }: typeof demo) => resources(templates['data']!, 'AWS::SNS::Topic');
  const publishers = ({ templates }: typeof demo) =>
    Object.entries(templates).flatMap(([part, template]) =>
      [...new Set(resources(template, 'AWS::IAM::Policy').flatMap(({ Properties }) => Properties.Roles ?? []))].flatMap(
        ({ Ref }: { Ref: string }) =>
          allowed(template, Ref)
            .filter(({ action }) => action.startsWith('sns:'))
            .map(({ action, resources: on }) => ({ part, role: Ref.replace(/Program.*/, ''), action, on })),
      ),
    );

  it('is a switch', () => {
    expect(topics(demo)).toEqual([]);
    expect(publishers(demo)).toEqual([]);
    expect(environment(demo.templates['worker']!, 'worker-service')).not.toHaveProperty('ORDERFLOW_EVENTS_TOPIC_ARN');
  });

  it('is encrypted, takes nothing without TLS, and keeps the order of one order when it is a FIFO topic', () => {
    for (const [one, fifo] of [[production, true], [switched, false]] as const) {
      const [{ Properties }] = topics(one) as [ReturnType<typeof topics>[0]];
      expect(text(Properties.KmsMasterKeyId)).toMatch(/:alias\/aws\/sns$/);
      expect(Properties.FifoTopic ?? false).toBe(fifo);
      expect(Properties.TopicName.endsWith('.fifo')).toBe(fifo);
      expect(Properties.FifoThroughputScope).toBe(fifo ? 'MessageGroup' : undefined);
      const { Statement } = only(one.templates['data']!, 'AWS::SNS::TopicPolicy').Properties.PolicyDocument;
      expect(Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
  });

  it('those that run the dispatcher may publish to it and do nothing else, and nobody else may', () => {
    for (const one of [production, switched]) {
      const found = publishers(one);
      expect(found.map(({ part, role, action }) => `${part} ${role} ${action}`)).toEqual(['worker Background sns:Publish']);
      expect(found[0]!.on).toHaveLength(1);
      const [topic] = topics(one);
      expect(found[0]!.on[0]).toMatch(new RegExp(`:sns:.*:${topic!.Properties.TopicName}$`));
      const arn = environment(one.templates['worker']!, 'background')['ORDERFLOW_EVENTS_TOPIC_ARN'];
      expect(text(arn)).toBe(found[0]!.on[0]);
    }
    expect(environment(production.templates['worker']!, 'worker-service')).not.toHaveProperty('ORDERFLOW_EVENTS_TOPIC_ARN');
  });
});

describe('background', () => {
  it.each(all)('%s: one task, always', (_, { templates }) => {
    const services = ecsServices(templates['worker']!).filter(({ Properties }) =>
      text(Properties.TaskDefinition).startsWith('<Background'),
    );
    expect(services.map(({ Properties }) => Properties.DesiredCount)).toEqual([1]);
  });

  it.each(all)('%s: it takes no orders, and nobody else does what it does', (_, { templates }) => {
    const workers = resources(templates['worker']!, 'AWS::ECS::TaskDefinition').map(({ Properties }) =>
      Properties.Family.replace(/^orderflow-\w+-/, ''),
    );
    expect(workers).toContain('background');
    for (const family of workers) {
      const role = environment(templates['worker']!, family)['ORDERFLOW_WORKER_ROLE'];
      expect(role).toBe(family === 'background' ? 'background' : 'orders');
    }
  });
});

describe('Lambda worker', () => {
  it('the lease of a message is six time-outs, some messages of a batch may fail, the database bounds it', () => {
    const { Timeout, PackageType } = only(switched.templates['worker']!, 'AWS::Lambda::Function').Properties;
    expect(PackageType).toBe('Image');
    const orders = resources(switched.templates['data']!, 'AWS::SQS::Queue').find(({ Properties }) =>
      Properties.QueueName.endsWith('-orders'),
    )!;
    expect(orders.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    const { FunctionResponseTypes, ScalingConfig } = only(
      switched.templates['worker']!,
      'AWS::Lambda::EventSourceMapping',
    ).Properties;
    expect(FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    const { config } = switched;
    const { connections } = config.database;
    expect(ScalingConfig.MaximumConcurrency).toBe(functionsWithin(connections, config.api.maxTasks));
    // Two versions of the function, each with all its environments, beside the workers' room: that is what there is.
    expect(2 * ScalingConfig.MaximumConcurrency).toBeLessThanOrEqual(workersWithin(connections, config.api.maxTasks));
  });

  it('is the image of worker-service with another command, in a place that every user may read', () => {
    const { Code, ImageConfig } = only(switched.templates['worker']!, 'AWS::Lambda::Function').Properties;
    const task = container(switched.templates['worker']!, 'background');
    expect(text(Code.ImageUri)).toBe(text(task.Image));
    expect(ImageConfig).toEqual({ Command: ['--lambda'], WorkingDirectory: '/tmp' });
    expect(read('Dockerfile')).toContain('ENTRYPOINT ["/usr/bin/worker-service"]');
  });

  it('writes below /tmp alone', () => {
    const { Environment } = only(switched.templates['worker']!, 'AWS::Lambda::Function').Properties;
    expect(Environment.Variables.ORDERFLOW_DATA_DIR).toMatch(/^\/tmp\//);
  });

  it('reads the parameters that a task would be given, and may read no other', () => {
    const { Environment } = only(switched.templates['worker']!, 'AWS::Lambda::Function').Properties;
    const named = Environment.Variables.ORDERFLOW_PARAMETERS.split(',').map((each: string) => each.split('='));
    const injected = container(switched.templates['worker']!, 'background').Secrets as { Name: string; ValueFrom: unknown }[];
    expect(named.map(([setting]: string[]) => setting).sort()).toEqual(injected.map(({ Name }) => Name).sort());
    const may = allowed(switched.templates['worker']!, 'LambdaRole').filter(({ action }) => action === 'ssm:GetParameters');
    const readable = may.flatMap(({ resources: on }) => on);
    expect(readable).toHaveLength(named.length);
    for (const [setting, name] of named) {
      expect(text(injected.find(({ Name }) => Name === setting)!.ValueFrom)).toContain(`:parameter${name}`);
      expect(readable.some((each) => each.endsWith(`:parameter${name}`))).toBe(true);
    }
  });

  it('is a switch', () => {
    demo.templates['worker']!.resourceCountIs('AWS::Lambda::Function', 0);
    expect(() => task(switched.templates['worker']!, 'worker-service')).toThrow();
  });

  it('has a role of its own, for the queue of orders alone', () => {
    const role = allowed(switched.templates['worker']!, 'LambdaRole');
    const sqs = role.filter(({ action }) => action.startsWith('sqs:'));
    expect(new Set(sqs.flatMap(({ resources: on }) => on)).size).toBe(1);
    expect(actions(switched.templates['worker']!, 'LambdaRole')).toContain('rds-db:connect');
  });
});
