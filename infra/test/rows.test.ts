// Each row of what the stacks must hold (docs/deploy-aws.md, "What the stacks hold") as assertions on the templates.
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import {
  all,
  allowed,
  container,
  demo,
  ecsServices,
  environment,
  installations,
  list,
  only,
  production,
  read,
  resources,
  switched,
  task,
  text,
  withoutTraces,
} from './support.ts';

describe('network', () => {
  it.each(all)('%s: two zones; services and database have no public address', (_, { templates }) => {
    const subnets = resources(templates['data']!, 'AWS::EC2::Subnet');
    expect(subnets).toHaveLength(6);
    expect(subnets.filter((subnet) => subnet.Properties.MapPublicIpOnLaunch)).toEqual([]);
    for (const part of ['worker', 'api']) {
      for (const service of ecsServices(templates[part]!)) {
        const { AwsvpcConfiguration: vpc } = service.Properties.NetworkConfiguration;
        expect(vpc.AssignPublicIp).toBe('DISABLED');
        expect(vpc.Subnets.map(text).join()).toMatch(/services/);
      }
    }
    const group = only(templates['data']!, 'AWS::RDS::DBSubnetGroup');
    expect(group.Properties.SubnetIds.map(text).join()).toMatch(/database.*database/);
  });

  it('one NAT gateway for a demo, one for each zone in production', () => {
    demo.templates['data']!.resourceCountIs('AWS::EC2::NatGateway', 1);
    production.templates['data']!.resourceCountIs('AWS::EC2::NatGateway', 2);
    production.templates['data']!.resourceCountIs('AWS::EC2::EIP', 2);
  });

  it('endpoints are a switch; the one of S3 costs nothing and is always there', () => {
    const types = ({ templates }: typeof demo) =>
      resources(templates['data']!, 'AWS::EC2::VPCEndpoint').map((each) => each.Properties.VpcEndpointType);
    expect(types(demo)).toEqual(['Gateway']);
    expect(types(switched).filter((type) => type === 'Interface')).toHaveLength(7); // with that of the topic
    switched.templates['data']!.resourceCountIs('AWS::EC2::NatGateway', 1); // webhooks and payments are outside
  });
});

describe('entrance', () => {
  it('the load balancer is internal, drops invalid fields, logs, and is reached through a VPC origin', () => {
    for (const { templates } of [demo, production]) {
      const { Scheme, LoadBalancerAttributes, Subnets } = only(
        templates['api']!,
        'AWS::ElasticLoadBalancingV2::LoadBalancer',
      ).Properties;
      expect(Scheme).toBe('internal');
      expect(Subnets.map(text).join()).toMatch(/services/);
      const attributes = Object.fromEntries(
        LoadBalancerAttributes.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]),
      );
      expect(attributes).toMatchObject({
        'routing.http.drop_invalid_header_fields.enabled': 'true',
        'access_logs.s3.enabled': 'true',
      });
      templates['site']!.hasResourceProperties('AWS::CloudFront::VpcOrigin', {
        VpcOriginEndpointConfig: { Arn: { Ref: 'BalancerArn' } },
      });
    }
  });

  it('production speaks HTTPS alone, TLS 1.2 or newer, on both sides of CloudFront', () => {
    const listeners = resources(production.templates['api']!, 'AWS::ElasticLoadBalancingV2::Listener');
    expect(listeners.map(({ Properties: { Port, Protocol } }) => [Port, Protocol])).toEqual([[443, 'HTTPS']]);
    expect(listeners[0]!.Properties.SslPolicy).toMatch(/TLS13-1-2-Res/);
    production.templates['site']!.hasResourceProperties('AWS::CloudFront::VpcOrigin', {
      VpcOriginEndpointConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
    });
    const { ViewerCertificate } = only(production.templates['site']!, 'AWS::CloudFront::Distribution').Properties
      .DistributionConfig;
    expect(ViewerCertificate.MinimumProtocolVersion).toBe('TLSv1.2_2021');
  });

  it('the switch makes it public, HTTPS, and open to CloudFront alone', () => {
    const template = switched.templates['api']!;
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' });
    const [listener] = resources(template, 'AWS::ElasticLoadBalancingV2::Listener');
    expect(listener!.Properties).toMatchObject({ Port: 443, Protocol: 'HTTPS', SslPolicy: expect.stringMatching(/TLS13-1-2-Res/) });
    const { Subnets } = only(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties;
    expect(Subnets.map(text).join()).toMatch(/public.*public/);
    switched.templates['site']!.resourceCountIs('AWS::CloudFront::VpcOrigin', 0);
    const { Origins } = only(switched.templates['site']!, 'AWS::CloudFront::Distribution').Properties.DistributionConfig;
    expect(Origins.map((origin: { CustomOriginConfig?: unknown }) => origin.CustomOriginConfig).filter(Boolean)).toEqual([
      expect.objectContaining({ OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] }),
    ]);
  });

  it.each(all)('%s: only the prefix list of CloudFront reaches the load balancer', (_, { templates, config }) => {
    const entrances = [
      ...resources(templates['api']!, 'AWS::EC2::SecurityGroupIngress').map(({ Properties }) => Properties),
      ...resources(templates['api']!, 'AWS::EC2::SecurityGroup').flatMap(
        ({ Properties }) => Properties.SecurityGroupIngress ?? [],
      ),
    ].filter(({ FromPort }) => [80, 443].includes(FromPort));
    expect(entrances).toEqual([expect.objectContaining({ SourcePrefixListId: config.cloudFrontPrefixList })]);
    expect(entrances[0]).not.toHaveProperty('CidrIp');
  });
});

describe('CloudFront', () => {
  const distribution = ({ templates }: typeof demo) =>
    only(templates['site']!, 'AWS::CloudFront::Distribution').Properties.DistributionConfig;

  it.each(all)('%s: the bucket is private and read with origin access control', (_, installation) => {
    const template = installation.templates['site']!;
    template.resourceCountIs('AWS::CloudFront::OriginAccessControl', 1);
    template.allResourcesProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    const origins = distribution(installation).Origins;
    expect(origins.filter((origin: { S3OriginConfig?: unknown }) => origin.S3OriginConfig)).toEqual([
      expect.objectContaining({ OriginAccessControlId: expect.anything() }),
    ]);
  });

  it.each(all)('%s: orders and the API go to the load balancer, uncached, uncompressed, with all methods', (_, one) => {
    const behaviors = distribution(one).CacheBehaviors as Record<string, unknown>[];
    const toTheApi = behaviors.filter(({ PathPattern }) => PathPattern !== '/assets/*');
    expect(toTheApi.map(({ PathPattern }) => PathPattern)).toEqual(['/order', '/orders/*', '/ops', '/v1/*']);
    for (const behavior of toTheApi) {
      expect(behavior).toMatchObject({
        Compress: false,
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad', // CachingDisabled
        OriginRequestPolicyId: '216adef6-5c7f-47e4-b989-5492eafa07d3', // AllViewer
        ViewerProtocolPolicy: 'https-only',
      });
      expect(behavior['AllowedMethods']).toEqual(expect.arrayContaining(['POST', 'DELETE', 'PUT', 'PATCH', 'GET']));
    }
  });

  it.each(all)('%s: each answer has the headers of its kind; what comes from the bucket may be compressed', (_, one) => {
    const { DefaultCacheBehavior, CacheBehaviors } = distribution(one);
    const policy = ({ ResponseHeadersPolicyId }: { ResponseHeadersPolicyId: unknown }) =>
      /Site(\w+Headers)/.exec(text(ResponseHeadersPolicyId))![1];
    expect(policy(DefaultCacheBehavior)).toBe('PageHeaders');
    expect(DefaultCacheBehavior).toMatchObject({ Compress: true, AllowedMethods: ['GET', 'HEAD'] });
    for (const behavior of CacheBehaviors) {
      expect(policy(behavior), behavior.PathPattern).toBe(behavior.PathPattern === '/assets/*' ? 'AssetHeaders' : 'ApiHeaders');
    }
    expect(CacheBehaviors.find(({ PathPattern }: { PathPattern: string }) => PathPattern === '/assets/*').Compress).toBe(true);
  });

  it.each(all)('%s: no custom error responses, which would turn errors of the API into HTML', (_, one) => {
    expect(distribution(one)).not.toHaveProperty('CustomErrorResponses');
  });

  it.each(all)('%s: the web ACL guards it', (_, one) => {
    expect(text(distribution(one).WebACLId)).toMatch(/Acl/);
  });
});

describe('web ACL', () => {
  const acl = ({ templates }: typeof demo) => only(templates['site']!, 'AWS::WAFv2::WebACL').Properties;
  const rule = (one: typeof demo, name: string) => acl(one).Rules.find((each: { Name: string }) => each.Name === name);

  it.each(all)('%s: the common rules count large bodies and block the rest', (_, one) => {
    const { Statement, OverrideAction } = rule(one, 'common');
    const overrides = Statement.ManagedRuleGroupStatement.RuleActionOverrides as {
      Name: string;
      ActionToUse: Record<string, unknown>;
    }[];
    expect(OverrideAction).toEqual({ None: {} });
    expect(overrides.filter(({ ActionToUse }) => 'Count' in ActionToUse).map(({ Name }) => Name)).toEqual([
      'SizeRestrictions_BODY',
    ]);
  });

  it.each(all)('%s: bodies over 64 KiB are refused, also those that are not looked at', (_, one) => {
    const [but, { SizeConstraintStatement }] = rule(one, 'body-size').Statement.AndStatement.Statements;
    const { FieldToMatch, Size, ComparisonOperator } = SizeConstraintStatement;
    expect([FieldToMatch, Size, ComparisonOperator]).toEqual([{ Body: { OversizeHandling: 'MATCH' } }, 65536, 'GT']);
    expect(acl(one).AssociationConfig.RequestBody.CLOUDFRONT.DefaultSizeInspectionLimit).toBe('KB_64');
    // But a file of products, which may have more (api-service/routes.cpp) and comes from operators' addresses alone.
    expect(but.NotStatement.Statement.ByteMatchStatement).toMatchObject({
      FieldToMatch: { UriPath: {} },
      PositionalConstraint: 'EXACTLY',
      SearchString: '/v1/admin/products/import',
    });
    const larger = read('api-service/routes.cpp').match(/"([^"]+)", "\w+", [^}]*contract::product_file_bytes_max/);
    expect(larger![1]).toBe('/v1/admin/products/import');
    expect(rule(one, 'operators').Priority).toBeLessThan(rule(one, 'body-size').Priority);
  });

  it.each(all)('%s: every refusal is problem+json in the words of the API', (_, one) => {
    const openapi = read('contracts/openapi.json');
    const used = JSON.stringify(acl(one).Rules).matchAll(/"CustomResponseBodyKey":"([^"]+)","ResponseCode":(\d+)/g);
    const answers = new Set([...used].map(([, code, status]) => `${code} ${status}`));
    expect([...answers].sort()).toEqual(['body-too-large 413', 'forbidden 403', 'rate-limited 429']);
    for (const [key, { Content }] of Object.entries(acl(one).CustomResponseBodies) as [string, { Content: string }][]) {
      const problem = JSON.parse(Content);
      expect(problem).toMatchObject({ code: key, type: `urn:orderflow:problem:${key}` });
      expect(answers).toContain(`${key} ${problem.status}`);
      expect(openapi).toContain(`"${key}"`);
    }
    expect(JSON.stringify(acl(one).Rules)).not.toContain('"Block":{}');
  });

  it('a rate for each address', () => {
    expect(rule(production, 'rate').Statement.RateBasedStatement).toMatchObject({ AggregateKeyType: 'IP', Limit: 2000 });
  });
});

describe('queues', () => {
  const queue = ({ templates }: typeof demo, name: string) =>
    resources(templates['data']!, 'AWS::SQS::Queue').find(({ Properties }) => Properties.QueueName.endsWith(`-${name}`))!
      .Properties;

  it.each(all)('%s: orders and commands with one dead-letter queue, 20 receives, 7 and 14 days, encrypted', (_, one) => {
    one.templates['data']!.resourceCountIs('AWS::SQS::Queue', 3);
    for (const name of ['orders', 'orders-commands']) {
      expect(queue(one, name)).toMatchObject({
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 7 * 86400,
        RedrivePolicy: { maxReceiveCount: 20 },
      });
      expect(text(queue(one, name).RedrivePolicy.deadLetterTargetArn)).toMatch(/DeadLetters/);
      expect(queue(one, name)).not.toHaveProperty('FifoQueue');
    }
    expect(queue(one, 'orders-dlq')).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86400 });
  });

  it.each(all)('%s: only these two may redrive to it', (_, one) => {
    const { redrivePermission, sourceQueueArns } = queue(one, 'orders-dlq').RedriveAllowPolicy;
    expect(redrivePermission).toBe('byQueue');
    expect(sourceQueueArns.map((arn: unknown) => text(arn).split(':').at(-1))).toEqual([
      queue(one, 'orders').QueueName,
      queue(one, 'orders-commands').QueueName,
    ]);
  });

  it.each(all)('%s: nobody without TLS', (_, { templates }) => {
    const policies = resources(templates['data']!, 'AWS::SQS::QueuePolicy');
    expect(policies).toHaveLength(3);
    for (const { Properties } of policies) {
      expect(Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
  });
});

describe('every program', () => {
  const tasks = ({ templates }: typeof demo) =>
    ['data', 'worker', 'api'].flatMap((part) =>
      resources(templates[part]!, 'AWS::ECS::TaskDefinition').flatMap(({ Properties }) => Properties.ContainerDefinitions),
    );
  const ours = (one: typeof demo) =>
    tasks(one).filter(({ Name }) => ['api-service', 'worker-service', 'orderflow'].includes(Name));

  it.each(all)('%s: root file system read-only, no root, no capability', (_, one) => {
    expect(ours(one).length).toBeGreaterThanOrEqual(4);
    for (const each of ours(one)) {
      expect(each).toMatchObject({
        ReadonlyRootFilesystem: true,
        User: '10001:10001',
        LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
      });
    }
    for (const each of tasks(one)) expect(each.ReadonlyRootFilesystem).toBe(true);
  });

  it.each(all)('%s: logs say their mode and buffer', (_, one) => {
    for (const { LogConfiguration } of tasks(one)) {
      expect(LogConfiguration.Options).toMatchObject({ mode: 'non-blocking', 'max-buffer-size': '26214400b' });
    }
  });

  it.each(all)('%s: nothing secret in the templates', (_, one) => {
    for (const { Environment = [] } of tasks(one)) {
      for (const { Name, Value } of Environment) {
        expect(Name).not.toMatch(/PASSWORD|TOKEN|SECRET|DATABASE_URL/);
        expect(text(Value)).not.toMatch(/whsec_|postgresql:\/\//);
      }
    }
    for (const { ValueFrom } of tasks(one).flatMap(({ Secrets = [] }) => Secrets)) {
      expect(text(ValueFrom)).toMatch(/:parameter\/orderflow\/|:password::$/);
    }
  });

  it('by digest in production, on the processor of the switch', () => {
    for (const { Image } of ours(production)) expect(text(Image)).toMatch(/@sha256:/);
    const processor = (one: typeof demo) => task(one.templates['worker']!, 'background').Properties.RuntimePlatform;
    expect(processor(production).CpuArchitecture).toBe('ARM64');
    expect(processor(switched).CpuArchitecture).toBe('X86_64');
  });

  it.each(all)('%s: a bad deployment is rolled back', (_, { templates }) => {
    const services = [...ecsServices(templates['api']!), ...ecsServices(templates['worker']!)];
    for (const { Properties } of services) {
      expect(Properties.DeploymentConfiguration).toMatchObject({
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
      });
    }
  });

  it('only settings that the programs know (programs/settings.cpp)', () => {
    const known = new Set(read('programs/settings.cpp').match(/ORDERFLOW_[A-Z_]+/g));
    const lambda = only(switched.templates['worker']!, 'AWS::Lambda::Function').Properties.Environment.Variables;
    const used = [
      ...Object.values(installations).flatMap((one) =>
        ours(one).flatMap(({ Environment, Secrets = [] }) => [...Environment, ...Secrets].map(({ Name }) => Name)),
      ),
      ...Object.keys(lambda),
    ].filter((name: string) => name.startsWith('ORDERFLOW_'));
    for (const name of new Set(used)) expect(known).toContain(name);
  });
});

// What is written to X-Ray is the same for every program, and has a test of its own.
describe('traces and faults of pages', () => {
  it("X-Ray's own endpoint: every program may write there, and nobody where there is a collector or nothing", () => {
    const roles = { api: ['ApiProgramRole', 'OperatorsProgramRole'], worker: ['BackgroundProgramRole'] };
    for (const [part, names] of Object.entries(roles)) {
      for (const name of names) {
        const may = (one: typeof demo) =>
          allowed(one.templates[part]!, name).map(({ action }) => action).filter((action) => action.startsWith('xray:'));
        expect(may(switched)).toEqual(['xray:PutSpans', 'xray:PutSpansForIndexing', 'xray:PutTraceSegments']);
        expect(may(demo)).toEqual([]);
      }
    }
    const byTheFunction = allowed(switched.templates['worker']!, 'LambdaRole').map(({ action }) => action);
    expect(byTheFunction.filter((action) => action.startsWith('xray:'))).toHaveLength(3);
  });

  it('a DSN of Sentry comes from a parameter, only where it is an input', () => {
    const secrets = (one: typeof demo) =>
      container(one.templates['api']!, 'api-service').Secrets.map(({ Name }: { Name: string }) => Name);
    expect(secrets(switched)).toContain('ORDERFLOW_SENTRY_DSN');
    expect(secrets(demo)).not.toContain('ORDERFLOW_SENTRY_DSN');
  });
});

describe('api-service', () => {
  it.each(all)('%s: /healthz, which knows no dependency, decides alone', (_, { templates }) => {
    const targets = resources(templates['api']!, 'AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(targets).toHaveLength(2);
    for (const { Properties } of targets) expect(Properties.HealthCheckPath).toBe('/healthz');
  });

  it.each(all)('%s: each program that serves asks its own /healthz, without a shell', (_, { templates }) => {
    const programs = ['api', 'worker'].flatMap((part) =>
      resources(templates[part]!, 'AWS::ECS::TaskDefinition').map(({ Properties }) =>
        Properties.ContainerDefinitions.find(({ Name }: { Name: string }) => Name !== 'data-directory'),
      ),
    );
    for (const { Name, Essential, HealthCheck } of programs) {
      expect(Essential).toBe(true);
      expect(HealthCheck.Command).toEqual(['CMD', `/usr/bin/${Name}`, '--health']);
    }
  });

  it.each(all)('%s: clients are counted by their own address: behind the load balancer and CloudFront', (_, { templates }) => {
    const { Subnets, LoadBalancerAttributes } = only(templates['api']!, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties;
    const networks = Subnets.map((subnet: unknown) => {
      const [, id] = /Ref(\w+Subnet[0-9A-F]{8})/.exec(text(subnet))!;
      return templates['data']!.findResources('AWS::EC2::Subnet')[id!]!['Properties'].CidrBlock;
    });
    expect(new Set(networks).size).toBe(2);
    for (const family of ['api-service', 'operator-api']) {
      const settings = environment(templates['api']!, family);
      expect(settings['ORDERFLOW_TRUSTED_PROXIES']).toBe(networks.join(', '));
      expect(settings['ORDERFLOW_PROXY_HOPS']).toBe('2');
      // The program's own limits hold for each client: none is raised for a proxy that speaks for all.
      expect(Object.keys(settings).filter((name) => name.startsWith('ORDERFLOW_RATE_'))).toEqual([]);
    }
    const mode = LoadBalancerAttributes.find(({ Key }: { Key: string }) => Key.endsWith('xff_header_processing.mode'));
    expect(mode.Value).toBe('append');
    // Nobody else reaches the port whose X-Forwarded-For is believed.
    const entrances = resources(templates['api']!, 'AWS::EC2::SecurityGroupIngress').filter(
      ({ Properties }) => Properties.FromPort === 8080,
    );
    expect(entrances).toHaveLength(2);
    for (const { Properties } of entrances) {
      expect(text(Properties.SourceSecurityGroupId)).toMatch(/EntranceGroup/);
      expect(Properties).not.toHaveProperty('CidrIp');
    }
  });

  it('scales on processor time and on requests', () => {
    const policies = resources(production.templates['api']!, 'AWS::ApplicationAutoScaling::ScalingPolicy').map(
      ({ Properties }) =>
        Properties.TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType,
    );
    expect(policies.sort()).toEqual(['ALBRequestCountPerTarget', 'ECSServiceAverageCPUUtilization']);
  });

  it.each(all)('%s: its role hands over and asks for depths, on two queues; it reads the store', (_, { templates }) => {
    for (const name of ['Api', 'Operators']) {
      const role = allowed(templates['api']!, `${name}ProgramRole`);
      expect(withoutTraces(role)).toEqual([
        'rds-db:connect',
        'sqs:GetQueueAttributes',
        'sqs:SendMessage',
      ]);
      for (const { action, resources: on } of role.filter((each) => each.action.startsWith('sqs:'))) {
        expect(on, action).toHaveLength(2);
        expect(on.toSorted().join()).toMatch(/Commands.*Orders/);
      }
      expect(role.find(({ action }) => action === 'rds-db:connect')!.resources.join()).toMatch(/\/orderflow_reader$/);
    }
  });

  it('reads the store as a role that can read alone', () => {
    const secrets = container(demo.templates['api']!, 'api-service').Secrets;
    const url = secrets.find(({ Name }: { Name: string }) => Name === 'DATABASE_URL').ValueFrom;
    expect(text(url)).toMatch(/database\/reader-url$/);
    expect(read('infra/database/roles.sql')).toMatch(/GRANT SELECT ON TABLES TO orderflow_reader;/);
    expect(read('infra/database/roles.sql')).not.toMatch(/(INSERT|UPDATE|DELETE)[^;]*orderflow_reader/);
  });
});

describe('operator API', () => {
  it.each(all)('%s: a service, role and tokens of its own behind /v1/admin/*', (_, { templates }) => {
    const rules = resources(templates['api']!, 'AWS::ElasticLoadBalancingV2::ListenerRule');
    const admin = rules.find(({ Properties }) => JSON.stringify(Properties.Conditions).includes('/v1/admin/*'))!;
    const rest = rules.find(({ Properties }) => JSON.stringify(Properties.Conditions).includes('/v1/*'))!;
    expect(admin.Properties.Priority).toBeLessThan(rest.Properties.Priority);
    expect(text(admin.Properties.Actions[0].TargetGroupArn)).toMatch(/Operators/);
    expect(text(rest.Properties.Actions[0].TargetGroupArn)).not.toMatch(/Operators/);
    const names = (family: string) =>
      container(templates['api']!, family).Secrets.map(({ ValueFrom }: { ValueFrom: unknown }) =>
        text(ValueFrom).split('/').at(-1),
      );
    expect(names('operator-api')).toEqual(expect.arrayContaining(['operator-admin-token', 'operator-read-token']));
    expect(names('api-service')).toContain('api-admin-token');
    expect(names('api-service').join()).not.toMatch(/operator/);
  });

  it.each(all)('%s: only from addresses of operators', (_, { templates, config }) => {
    const sets = resources(templates['site']!, 'AWS::WAFv2::IPSet').flatMap(({ Properties }) => Properties.Addresses);
    expect(sets).toEqual(config.operators.addresses);
    const rules = only(templates['site']!, 'AWS::WAFv2::WebACL').Properties.Rules;
    const first = rules.toSorted((a: { Priority: number }, b: { Priority: number }) => a.Priority - b.Priority)[0];
    expect(first.Name).toBe('operators');
    const statement = JSON.stringify(first.Statement);
    expect(statement).toMatch(/"SearchString":"\/v1\/admin"/);
    expect(statement).toMatch(/"NotStatement":.*IPSetReferenceStatement/);
  });
});

describe('database', () => {
  it('Aurora Serverless v2 in production: encrypted, not public, tokens, backups, protected', () => {
    production.templates['data']!.hasResourceProperties('AWS::RDS::DBCluster', {
      Engine: 'aurora-postgresql',
      StorageEncrypted: true,
      EnableIAMDatabaseAuthentication: true,
      BackupRetentionPeriod: 14,
      DeletionProtection: true,
      ManageMasterUserPassword: true,
      MasterUserPassword: Match.absent(),
      ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 16 },
    });
    production.templates['data']!.allResourcesProperties('AWS::RDS::DBInstance', { PubliclyAccessible: false });
    production.templates['data']!.hasResource('AWS::RDS::DBCluster', { DeletionPolicy: 'Snapshot' });
  });

  it('one instance for a demo, with the same but the protection', () => {
    demo.templates['data']!.hasResourceProperties('AWS::RDS::DBInstance', {
      Engine: 'postgres',
      StorageEncrypted: true,
      PubliclyAccessible: false,
      EnableIAMDatabaseAuthentication: true,
      ManageMasterUserPassword: true,
      BackupRetentionPeriod: 1,
    });
  });

  it('the programs sign in with tokens in production, with passwords in a demo', () => {
    const programs = [['data', 'migrate'], ['worker', 'worker-service'], ['api', 'api-service'], ['api', 'operator-api']];
    for (const [part, family] of programs) {
      for (const [{ templates }, how] of [[production, 'iam'], [demo, 'password']] as const) {
        expect(environment(templates[part!]!, family!)['ORDERFLOW_DATABASE_AUTH']).toBe(how);
      }
    }
    const [lambda] = resources(switched.templates['worker']!, 'AWS::Lambda::Function').filter(
      ({ Properties }) => Properties.PackageType === 'Image',
    );
    expect(lambda!.Properties.Environment.Variables.ORDERFLOW_DATABASE_AUTH).toBe('iam');
  });

  it.each(all)('%s: the API uses the writer, nothing comes in without TLS', (_, { templates }) => {
    const groups = [
      ...resources(templates['data']!, 'AWS::RDS::DBClusterParameterGroup'),
      ...resources(templates['data']!, 'AWS::RDS::DBParameterGroup'),
    ];
    expect(groups[0]!.Properties.Parameters['rds.force_ssl']).toBe('1');
    expect(text(templates['data']!.findOutputs('DatabaseHost')['DatabaseHost']!['Value'])).toMatch(/\.Endpoint\.Address>$/);
    expect(JSON.stringify(templates['api']!.toJSON())).not.toMatch(/ReadEndpoint/);
  });

  it.each(all)('%s: only the owner makes tables, and only the task of migrations is the owner', (_, { templates }) => {
    const connects = ['data', 'worker', 'api'].flatMap((part) =>
      resources(templates[part]!, 'AWS::IAM::Policy').flatMap(({ Properties }) =>
        Properties.PolicyDocument.Statement.filter((each: { Action: string | string[] }) =>
          list(each.Action).includes('rds-db:connect'),
        ).map((each: { Resource: unknown }) => [text(Properties.Roles[0]), text(each.Resource).split('/').at(-1)]),
      ),
    );
    const owners = connects.filter(([, user]) => user === 'orderflow_owner').map(([role]) => role);
    expect(owners).toHaveLength(1);
    expect(owners[0]).toMatch(/Migrate/);
  });
});

describe('time-outs', () => {
  it.each(all)('%s: each gives up later than the one before it', (_, { templates, config }) => {
    const seconds = (file: string, name: RegExp) => Number(read(file).match(name)![1]);
    const heartbeat = seconds('api-service/handlers/event_stream.hpp', /heartbeat_every = (\d+)s/);
    const server = seconds('libs/net/http_limits.hpp', / idle_time = (\d+)s/);
    const origin = only(templates['site']!, 'AWS::CloudFront::Distribution').Properties.DistributionConfig.Origins.find(
      (each: { S3OriginConfig?: unknown }) => !each.S3OriginConfig,
    );
    const { OriginReadTimeout, OriginKeepaliveTimeout } =
      config.entrance === 'public' ? origin.CustomOriginConfig : origin.VpcOriginConfig;
    const attributes = only(templates['api']!, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties
      .LoadBalancerAttributes as { Key: string; Value: string }[];
    const idle = Number(attributes.find(({ Key }) => Key === 'idle_timeout.timeout_seconds')!.Value);
    expect([heartbeat, OriginReadTimeout, idle, server]).toEqual([15, 30, 60, 75]);
    expect(OriginKeepaliveTimeout).toBe(30); // CloudFront lets go of a connection before the balancer does
    expect(environment(templates['api']!, 'api-service')['ORDERFLOW_ACCEPT_SECONDS']).toBe('10');
    for (const family of ['api-service', 'operator-api']) {
      const drain = Number(environment(templates['api']!, family)['ORDERFLOW_DRAIN_SECONDS']);
      expect([drain, container(templates['api']!, family).StopTimeout], family).toEqual([25, 40]);
    }
    for (const { Properties } of resources(templates['api']!, 'AWS::ElasticLoadBalancingV2::TargetGroup')) {
      expect(Properties.TargetGroupAttributes).toContainEqual({
        Key: 'deregistration_delay.timeout_seconds',
        Value: '30',
      });
    }
  });
});

describe('inputs', () => {
  it('a demo works on the name of CloudFront', () => {
    const { Aliases } = only(demo.templates['site']!, 'AWS::CloudFront::Distribution').Properties.DistributionConfig;
    expect(Aliases).toBeUndefined();
    expect(text(demo.templates['site']!.findOutputs('Url')['Url']!['Value'])).toMatch(/^https:\/\/<.*DomainName>$/);
  });

  it('production has its own', () => {
    const { Aliases } = only(production.templates['site']!, 'AWS::CloudFront::Distribution').Properties.DistributionConfig;
    expect(Aliases).toEqual(['orders.example.com']);
  });

  it('the smoke test finds what it needs in the outputs', () => {
    for (const name of ['Url', 'Bucket', 'DistributionId']) {
      expect(demo.templates['site']!.findOutputs(name)).toHaveProperty(name);
    }
  });
});
