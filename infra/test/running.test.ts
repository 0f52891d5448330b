// How the programs run: what a service is given and told, how it grows, what a message may take; and what neither a release
// nor a mistake takes away.
import { describe, expect, it } from 'vitest';
import {
  all,
  container,
  demo,
  ecsServices,
  environment,
  only,
  production,
  read,
  resources,
  statements,
  switched,
  text,
  type Resource,
} from './support.ts';

const serviceOf = ({ templates }: typeof demo, part: string, name: string): Resource['Properties'] =>
  ecsServices(templates[part]!).find(({ Properties }) => Properties.ServiceName === name)!.Properties;

describe.each(all)('services of %s', (_, one) => {
  // CloudFormation sets a number that it is told with each release: also from ten tasks to two, in the middle of a peak.
  it('that scale are told no number of tasks, the others one', () => {
    const scaled = ['worker', 'api'].flatMap((part) =>
      resources(one.templates[part]!, 'AWS::ApplicationAutoScaling::ScalableTarget').map(({ Properties }) =>
        text(Properties.ResourceId),
      ),
    );
    const told = Object.fromEntries(
      ['worker', 'api'].flatMap((part) =>
        ecsServices(one.templates[part]!).map(({ Properties }) => [Properties.ServiceName, Properties.DesiredCount]),
      ),
    );
    expect(told).toEqual({
      background: 1,
      'operator-api': 1,
      'api-service': undefined,
      ...(one.config.worker.kind === 'fargate' && { 'worker-service': undefined }),
    });
    expect(scaled).toHaveLength(one.config.worker.kind === 'fargate' ? 2 : 1);
  });

  it('of the API have a minute to become healthy, and half a minute to be found ill', () => {
    for (const name of ['api-service', 'operator-api']) {
      expect(serviceOf(one, 'api', name).HealthCheckGracePeriodSeconds).toBe(60);
    }
    for (const { Properties } of resources(one.templates['api']!, 'AWS::ElasticLoadBalancingV2::TargetGroup')) {
      expect(Properties).toMatchObject({
        HealthCheckIntervalSeconds: 10,
        HealthCheckTimeoutSeconds: 5,
        UnhealthyThresholdCount: 3,
        HealthyThresholdCount: 2,
        Matcher: { HttpCode: '200' },
        Port: 8080,
        TargetType: 'ip',
      });
    }
  });

  it('listen where they are asked', () => {
    for (const family of ['api-service', 'operator-api']) {
      expect(environment(one.templates['api']!, family)['ORDERFLOW_LISTEN']).toBe('0.0.0.0:8080');
      expect(container(one.templates['api']!, family).PortMappings).toEqual([expect.objectContaining({ ContainerPort: 8080 })]);
    }
    // Nobody connects to a worker; its own check does, from inside.
    expect(environment(one.templates['worker']!, 'background')['ORDERFLOW_WORKER_LISTEN']).toBe('127.0.0.1:8081');
  });

  it('are told the region, the queues, the profile, and the payment provider of the stage', () => {
    const families = ['api-service', 'operator-api', 'background'];
    for (const family of families) {
      const settings = environment(one.templates[family === 'background' ? 'worker' : 'api']!, family);
      expect(settings['AWS_REGION'], family).toBe(one.config.region);
      expect(settings['ORDERFLOW_PROFILE'], family).toBe(one.config.stage === 'production' ? 'production' : 'development');
      expect(settings['ORDERFLOW_DATA_DIR'], family).toBe('/data');
      expect(text(settings['ORDERFLOW_QUEUE_URL']), family).toMatch(/QueuesOrders/);
      expect(text(settings['ORDERFLOW_COMMANDS_QUEUE_URL']), family).toMatch(/QueuesCommands/);
      expect(text(settings['ORDERFLOW_DEAD_LETTERS_QUEUE_URL']), family).toMatch(/QueuesDeadLetters/);
    }
    const worker = environment(one.templates['worker']!, 'background');
    expect(worker['ORDERFLOW_PAYMENT_PROVIDER']).toBe(one === demo ? 'simulated' : 'http');
    expect(worker['ORDERFLOW_PAYMENT_URL']).toBe(one.config.payment.url);
  });

  it('let nobody in with a shell', () => {
    for (const part of ['worker', 'api']) {
      for (const { Properties } of ecsServices(one.templates[part]!)) expect(Properties.EnableExecuteCommand).toBe(false);
    }
  });

  it('are watched by name, so that each stack can let go of what it has', () => {
    // An export that another stack imports cannot be taken away: of the worker's stack and the topic nobody imports any.
    const imports = Object.values(one.templates).flatMap((template) =>
      [...JSON.stringify(template.toJSON()).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name!),
    );
    expect(imports.filter((name) => /-worker:/.test(name))).toEqual([]);
    expect(imports.filter((name) => /EventsTopic/.test(name))).toEqual([]);
  });
});

describe('api-service', () => {
  it('scales between its limits, at 60 % of the processor and at a number of requests', () => {
    for (const [one, from, to, requests] of [[production, 2, 10, 60_000], [demo, 1, 2, 30_000]] as const) {
      const template = one.templates['api']!;
      const { MinCapacity, MaxCapacity } = only(template, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties;
      expect([MinCapacity, MaxCapacity]).toEqual([from, to]);
      const targets = resources(template, 'AWS::ApplicationAutoScaling::ScalingPolicy').map(
        ({ Properties }) => Properties.TargetTrackingScalingPolicyConfiguration.TargetValue,
      );
      expect(targets.sort((a, b) => a - b)).toEqual([60, requests]);
    }
  });
});

describe('worker-service', () => {
  it('scales by what is visible in the queue of orders, for each task that says how busy it is', () => {
    for (const one of [demo, production]) {
      const { CustomizedMetricSpecification } = only(one.templates['worker']!, 'AWS::ApplicationAutoScaling::ScalingPolicy')
        .Properties.TargetTrackingScalingPolicyConfiguration;
      const of = (id: string) =>
        CustomizedMetricSpecification.Metrics.find(({ Id }: { Id: string }) => Id === id)?.MetricStat;
      expect(of('visible')).toMatchObject({
        Stat: 'Average',
        Metric: { Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible' },
      });
      expect(text(of('visible').Metric.Dimensions[0].Value)).toMatch(/QueuesOrders/);
      expect(of('running')).toMatchObject({
        Stat: 'SampleCount',
        Metric: { Namespace: 'AWS/ECS', MetricName: 'CPUUtilization' },
      });
      expect(of('running').Metric.Dimensions.map(({ Name }: { Name: string }) => Name)).toEqual(['ClusterName', 'ServiceName']);
      const { MinCapacity } = only(one.templates['worker']!, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties;
      expect(MinCapacity).toBe(2);
    }
  });
});

describe('queues', () => {
  it('are asked for 20 seconds, lend a message for a minute, and stay when the stack of production goes', () => {
    const queues = ({ templates }: typeof demo) => Object.values(templates['data']!.findResources('AWS::SQS::Queue'));
    for (const one of [demo, production]) {
      for (const { Properties } of queues(one).filter((queue) => !queue['Properties'].QueueName.endsWith('-dlq'))) {
        expect([Properties.ReceiveMessageWaitTimeSeconds, Properties.VisibilityTimeout]).toEqual([20, 60]);
      }
    }
    expect(queues(production).map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Retain', 'Retain', 'Retain']);
    expect(queues(demo).map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Delete', 'Delete', 'Delete']);
  });
});

describe('the function', () => {
  const worker = switched.templates['worker']!;
  const { Architectures, Environment } = only(worker, 'AWS::Lambda::Function').Properties;

  it('gets ten orders at a time, from the queue of orders', () => {
    const { BatchSize, EventSourceArn } = only(worker, 'AWS::Lambda::EventSourceMapping').Properties;
    expect(BatchSize).toBe(10);
    expect(text(EventSourceArn)).toMatch(/QueuesOrders/);
  });

  it('runs on the processor of the switch, tells its metrics, and knows the stage', () => {
    expect(Architectures).toEqual(['x86_64']);
    expect(Environment.Variables).toMatchObject({ ORDERFLOW_METRICS: 'emf', ORDERFLOW_PROFILE: 'development' });
  });

  it('may take the image: its repository says so, and no other does', () => {
    const policies = resources(switched.templates['registry']!, 'AWS::ECR::Repository').flatMap(({ Properties }) =>
      Properties.RepositoryPolicyText ? [[Properties.RepositoryName, Properties.RepositoryPolicyText]] : [],
    );
    expect(policies.map(([name]) => name)).toEqual(['orderflow-demo/worker-service']);
    expect(policies[0]![1].Statement[0].Principal).toEqual({ Service: 'lambda.amazonaws.com' });
  });
});

describe.each(all)('the database of %s', (_, one) => {
  const data = one.templates['data']!;
  const parameters = [
    ...resources(data, 'AWS::RDS::DBClusterParameterGroup'),
    ...resources(data, 'AWS::RDS::DBParameterGroup'),
  ][0]!.Properties.Parameters;

  it('has as many connections as the programs are counted by', () => {
    expect(parameters.max_connections).toBe(String(one.config.database.connections));
  });

  it('notes slow statements without the values in them, which are of buyers', () => {
    expect(parameters).toMatchObject({
      log_min_duration_statement: '1000',
      log_parameter_max_length: '0',
      log_parameter_max_length_on_error: '0',
    });
  });

  it('lets roles in as the programs sign in, and only the owner makes tables', () => {
    const roles = resources(data, 'AWS::ECS::TaskDefinition').find(({ Properties }) => /database-roles/.test(Properties.Family))!;
    const { Environment, Secrets } = roles.Properties.ContainerDefinitions[0];
    expect(Environment).toContainEqual({ Name: 'IAM', Value: one.config.database.authentication === 'iam' ? 'on' : 'off' });
    expect(Environment).toContainEqual({ Name: 'PGSSLMODE', Value: 'require' });
    const password = Secrets.find(({ Name }: { Name: string }) => Name === 'PGPASSWORD').ValueFrom;
    expect(text(password)).toMatch(/MasterUserSecret\.SecretArn.*:password::$/);
    const url = container(data, 'migrate').Secrets.find(({ Name }: { Name: string }) => Name === 'DATABASE_URL').ValueFrom;
    expect(text(url)).toMatch(/database\/owner-url$/);
    expect(container(data, 'migrate').Command).toEqual(['migrate']);
  });
});

describe('roles.sql', () => {
  it('lets the owner make tables, and nobody else: neither a role of ours nor everybody', () => {
    const script = read('infra/database/roles.sql').replace(/--.*$/gm, '');
    expect(script).toContain('REVOKE CREATE ON SCHEMA public FROM PUBLIC;');
    const creators = [...script.matchAll(/GRANT [^;]*CREATE[^;]* TO ([^;]+);/g)].map(([, roles]) => roles);
    expect(creators).toEqual(['orderflow_owner']);
    const changers = [...script.matchAll(/GRANT [^;]*(?:INSERT|UPDATE|DELETE)[^;]* TO ([^;]+);/g)].map(([, roles]) => roles);
    expect(changers).toEqual(['orderflow_worker']);
  });
});

describe('the stack of the page', () => {
  it('gets what it has a parameter for, and nothing else, which CloudFormation would refuse', () => {
    for (const one of [demo, production, switched]) {
      const wanted = Object.keys(one.templates['site']!.toJSON().Parameters).filter((name) => name.startsWith('Balancer'));
      const given = Object.keys(one.templates['api']!.toJSON().Outputs).filter((name) => name.startsWith('Balancer'));
      expect(given.sort()).toEqual(wanted.sort());
    }
    expect(Object.keys(switched.templates['api']!.toJSON().Outputs)).not.toContain('BalancerArn');
  });
});

describe('production', () => {
  it('has a second instance that can take over: as large as the writer', () => {
    const instances = resources(production.templates['data']!, 'AWS::RDS::DBInstance').map(({ Properties }) => Properties);
    expect(instances).toHaveLength(2);
    expect(instances.map(({ PromotionTier }) => PromotionTier)).toEqual([0, 1]); // from tier 2 on it would stay small
  });

  it('does not go by mistake', () => {
    for (const [name, stack] of Object.entries(production.stacks)) expect(stack.terminationProtection, name).toBe(true);
    const { LoadBalancerAttributes } = only(
      production.templates['api']!,
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
    ).Properties;
    expect(LoadBalancerAttributes).toContainEqual({ Key: 'deletion_protection.enabled', Value: 'true' });
    for (const repository of Object.values(production.templates['registry']!.findResources('AWS::ECR::Repository'))) {
      expect(repository['DeletionPolicy']).toBe('Retain');
    }
  });

  it('has images whose tags do not move and that are scanned when they come', () => {
    const repositories = resources(production.templates['registry']!, 'AWS::ECR::Repository');
    expect(repositories).toHaveLength(3);
    for (const { Properties } of repositories) {
      expect(Properties).toMatchObject({
        ImageTagMutability: 'IMMUTABLE',
        ImageScanningConfiguration: { ScanOnPush: true },
      });
    }
  });
});

describe('who delivers', () => {
  const condition = (role: string, action: string) =>
    ['registry', 'pipeline'].flatMap((part) =>
      [...statements(production.templates[part]!)]
        .filter(([id]) => new RegExp(role).test(id))
        .flatMap(([, all]) => all.filter(({ Action }) => [Action].flat().includes(action)).map(({ Condition }) => Condition)),
    );

  it('hands roles to tasks of ECS alone', () => {
    const found = condition('Deploy|data|worker|api|site', 'iam:PassRole');
    expect(found.length).toBeGreaterThanOrEqual(5);
    for (const each of found) {
      expect(each).toEqual({ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } });
    }
  });

  it('makes the distribution of this stage forget, and no other', () => {
    const found = condition('Site|site', 'cloudfront:CreateInvalidation');
    expect(found).toHaveLength(2);
    for (const each of found) {
      expect(each).toEqual({
        StringEquals: { 'aws:ResourceTag/stage': 'production', 'aws:ResourceTag/system': 'orderflow' },
      });
    }
  });
});
