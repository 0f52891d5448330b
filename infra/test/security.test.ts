// Least privilege, cdk-nag, headers, alarms, inputs, workflows.
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { alarmsOfFile, minutes, notOnAws } from '../lib/alarm-file.ts';
import { configure, ConfigError, functionsWithin, workersWithin, type Inputs } from '../lib/config.ts';
import { build } from '../lib/stacks.ts';
import { iamTable } from '../tools/iam-table.ts';
import { headersOf } from '../lib/parts/site-headers.ts';
import { parameterNames } from '../lib/parts/parameters.ts';
import {
  all,
  allowed,
  demo,
  list,
  only,
  production,
  productionInputs,
  read,
  resources,
  statements,
  switchedInputs,
  text,
  type Resource,
} from './support.ts';

describe('cdk-nag, AwsSolutions', () => {
  const findings = (app: App) => new AwsSolutionsChecks().validateScope(app).violations.map(({ ruleName }) => ruleName);

  it.each(all)('%s: no finding that is not mended or accepted with a reason', (_, { app }) => {
    expect(findings(app)).toEqual([]);
  });

  it('would find a bucket that anybody may read in clear', () => {
    const app = new App();
    new s3.Bucket(new Stack(app, 'naive'), 'bucket');
    expect(findings(app).length).toBeGreaterThan(0);
  });
});

describe('roles', () => {
  // Each `*` has its reason where the statement is made; no other may come in.
  const wholeResource = new Set([
    'ecr:GetAuthorizationToken',
    'xray:PutSpans',
    'xray:PutSpansForIndexing',
    'xray:PutTraceSegments',
  ]);

  it.each(all)('%s: no action is a *, no resource is a * but for actions that know none', (_, { templates }) => {
    for (const [part, template] of Object.entries(templates)) {
      for (const [role, all] of statements(template)) {
        for (const { Action, Resource, Effect } of all) {
          if (Effect !== 'Allow') continue;
          for (const action of list(Action)) {
            if (!(part === 'pipeline' && /^(s3|kms):/.test(action))) expect(action, `${part} ${role}`).not.toContain('*');
            if (list(Resource).map((each) => (each === undefined ? '' : text(each))).includes('*')) {
              expect(wholeResource, `${part} ${role} ${action}`).toContain(action);
            }
          }
        }
      }
    }
  });

  it.each(all)('%s: one role for each task; no two tasks share one', (_, { templates }) => {
    const roles = ['data', 'worker', 'api'].flatMap((part) =>
      resources(templates[part]!, 'AWS::ECS::TaskDefinition').map(({ Properties }) => text(Properties.TaskRoleArn)),
    );
    expect(new Set(roles).size).toBe(roles.length);
  });

  it.each(all)('%s: ECS may read the parameters of a task, and no others', (_, { templates }) => {
    for (const part of ['data', 'worker', 'api']) {
      for (const [role, all] of statements(templates[part]!)) {
        for (const { Action, Resource } of all) {
          if (!list(Action).includes('ssm:GetParameters')) continue;
          for (const each of list(Resource)) {
            expect(text(each), role).toMatch(/:parameter\/orderflow\/(demo|production)\/[a-z/-]+$/);
          }
        }
      }
    }
  });

  it('GitHub gets in with a token of this repository and environment, and with no key', () => {
    const template = production.templates['registry']!;
    template.resourceCountIs('AWS::IAM::AccessKey', 0);
    const roles = resources(template, 'AWS::IAM::Role');
    expect(roles).toHaveLength(4);
    for (const { Properties } of roles) {
      const [{ Action, Condition }] = Properties.AssumeRolePolicyDocument.Statement;
      expect(Action).toBe('sts:AssumeRoleWithWebIdentity');
      expect(Condition.StringEquals).toEqual({
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        'token.actions.githubusercontent.com:sub': 'repo:example/orderflow:environment:production',
      });
    }
  });

  it('nobody gets in whom the inputs do not name', () => {
    const template = demo.templates['registry']!;
    template.resourceCountIs('AWS::IAM::Role', 0);
    template.resourceCountIs('AWS::IAM::OIDCProvider', 0);
    expect(Object.keys(template.toJSON().Outputs).filter((name) => name.endsWith('RoleArn'))).toEqual([]);
  });

  it('an identity provider of GitHub that the account has already is taken, and no second one made', () => {
    const githubProviderArn = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';
    const delivery = { repository: 'example/orderflow', branch: 'main', githubProviderArn };
    const template = Template.fromStack(build(new App(), 'demo', { delivery }).stacks['registry']!);
    template.resourceCountIs('AWS::IAM::OIDCProvider', 0);
    const roles = resources(template, 'AWS::IAM::Role');
    expect(roles).toHaveLength(4);
    for (const { Properties } of roles) {
      expect(Properties.AssumeRolePolicyDocument.Statement[0].Principal).toEqual({ Federated: githubProviderArn });
    }
    production.templates['registry']!.resourceCountIs('AWS::IAM::OIDCProvider', 1);
  });

  // The two ways to deliver have the same roles, under other names.
  const delivering = (role: string): [string, (action: string) => string[]][] =>
    [['registry', `Delivery${role}`], ['pipeline', `Pipeline${role.replace('Assets', 'Api').toLowerCase()}Role`]].map(
      ([part, name]) => [
        `${part} ${name}`,
        (action) =>
          allowed(production.templates[part!]!, name!)
            .filter((each) => each.action === action && !each.resources.join().includes('Artifacts'))
            .flatMap(({ resources: on }) => on.map((each) => each.replace(/^arn:aws:s3:::[^/]*/, ''))),
      ],
    );

  it('who deploys the API puts assets into the bucket: not the page, and it takes nothing out', () => {
    for (const [who, may] of delivering('Assets')) {
      expect(may('s3:PutObject'), who).toEqual(['/assets/*']);
      for (const action of ['s3:DeleteObject', 's3:GetObject', 'cloudfront:CreateInvalidation']) {
        expect(may(action), `${who} ${action}`).toEqual([]);
      }
    }
  });

  it('who delivers the page puts the page and assets, and takes out assets alone', () => {
    for (const [who, may] of delivering('Site')) {
      expect(may('s3:PutObject').toSorted(), who).toEqual(['/assets/*', '/index.html']);
      expect(may('s3:DeleteObject'), who).toEqual(['/assets/*']);
      expect(may('s3:GetObject'), who).toEqual([]);
    }
  });

  it.each(['Assets', 'Site'])('%s: lists assets, and nothing else of the bucket', (role) => {
    for (const [part, name] of [['registry', 'Delivery'], ['pipeline', 'Pipeline']] as const) {
      const logical = part === 'registry' ? `${name}${role}` : `${name}${role === 'Assets' ? 'api' : 'site'}Role`;
      const [, all] = [...statements(production.templates[part]!)].find(([id]) => id.startsWith(logical))!;
      const listing = all.filter(({ Action }) => list(Action).includes('s3:ListBucket'));
      expect(listing.map(({ Condition }) => Condition)).toEqual([{ StringLike: { 's3:prefix': 'assets/*' } }]);
    }
  });

  it('the table in docs/iam.md is what the templates say (npm run docs)', () => {
    expect(read('docs/iam.md')).toBe(iamTable(production));
  });
});

describe('headers', () => {
  const file = JSON.parse(read('frontend/headers.json'));

  // What CloudFront adds, read back from the template.
  function sent(kind: string): Record<string, string> {
    const policy = resources(demo.templates['site']!, 'AWS::CloudFront::ResponseHeadersPolicy').find(({ Properties }) =>
      Properties.ResponseHeadersPolicyConfig.Name.includes(kind),
    )!.Properties.ResponseHeadersPolicyConfig;
    const security = policy.SecurityHeadersConfig ?? {};
    const transport = security.StrictTransportSecurity;
    const options = [transport?.IncludeSubdomains && 'includeSubDomains', transport?.Preload && 'preload'].filter(Boolean);
    return {
      ...Object.fromEntries(
        (policy.CustomHeadersConfig?.Items ?? []).map((each: { Header: string; Value: string }) => [each.Header, each.Value]),
      ),
      ...(security.ContentSecurityPolicy && {
        'Content-Security-Policy': security.ContentSecurityPolicy.ContentSecurityPolicy,
      }),
      ...(security.ContentTypeOptions && { 'X-Content-Type-Options': 'nosniff' }),
      ...(security.ReferrerPolicy && { 'Referrer-Policy': security.ReferrerPolicy.ReferrerPolicy }),
      ...(transport && {
        'Strict-Transport-Security': [`max-age=${transport.AccessControlMaxAgeSec}`, ...options].join('; '),
      }),
    };
  }

  it('of a page and of an asset are those of frontend/headers.json, with those of TLS', () => {
    const { 'Cache-Control': ofPages, ...page } = file.page;
    const { 'Cache-Control': ofAssets, ...asset } = file.asset;
    expect(sent('PageHeaders')).toEqual({ ...page, ...file.tls });
    expect(sent('AssetHeaders')).toEqual({ ...asset, ...file.tls });
    expect(headersOf('page')).toEqual({ ...page, ...file.tls });
    expect([ofPages, ofAssets]).toEqual(['no-cache', 'public, max-age=31536000, immutable']);
  });

  it('say nothing of caching: a missing asset must not get the life of one that is there', () => {
    for (const kind of ['PageHeaders', 'AssetHeaders', 'ApiHeaders']) {
      expect(Object.keys(sent(kind)).map((name) => name.toLowerCase())).not.toContain('cache-control');
    }
  });

  it('of the API are its own; CloudFront adds those of TLS', () => {
    expect(sent('ApiHeaders')).toEqual(file.tls);
  });
});

describe('alarms', () => {
  const alarms = ({ templates }: typeof demo) =>
    Object.fromEntries(
      resources(templates['watch']!, 'AWS::CloudWatch::Alarm').map(({ Properties }) => [
        Properties.AlarmName.replace(/^orderflow-(demo|production)-/, ''),
        Properties,
      ]),
    );

  it.each(all)('%s: every alarm of contracts/alarms.json is there with its threshold, or has a reason not to be', (_, one) => {
    const made = alarms(one);
    for (const { name, above, below, hold_seconds, measure } of alarmsOfFile) {
      if (name in notOnAws) {
        expect(made).not.toHaveProperty(name);
      } else if (name === 'process-crashed') {
        const rules = resources(one.templates['watch']!, 'AWS::Events::Rule');
        expect(rules.map(({ Properties }) => Properties.EventPattern.detail.stopCode).sort()).toEqual([
          ['EssentialContainerExited'],
          ['TaskFailedToStart'],
        ]);
      } else if (measure.kind === 'standstill') {
        expect(made[name]).toMatchObject({ Threshold: 0, EvaluationPeriods: minutes(above!) });
      } else {
        expect(made[name]).toMatchObject({ Threshold: above ?? below, EvaluationPeriods: minutes(hold_seconds) });
      }
    }
    for (const name of Object.keys(notOnAws)) expect(alarmsOfFile.map((alarm) => alarm.name)).toContain(name);
  });

  it.each(all)('%s: faults of pages, of each kind that the file counts', (_, one) => {
    const { Metrics } = alarms(one)['browser-errors']!;
    const series = Metrics.filter((each: { MetricStat?: unknown }) => each.MetricStat).map(
      ({ MetricStat: { Metric, Period, Stat } }: { MetricStat: Record<string, any> }) => ({
        name: Metric.MetricName,
        ...Object.fromEntries(Metric.Dimensions.map(({ Name, Value }: { Name: string; Value: string }) => [Name, Value])),
        Period,
        Stat,
      }),
    );
    const { of, window_seconds: Period } = alarmsOfFile.find(({ name }) => name === 'browser-errors')!.measure;
    const kinds = of!.labels!['kind']!;
    expect(series).toEqual(
      kinds.map((kind) => ({ name: of!.metric, service: 'api-service', kind, Period, Stat: 'Sum' })),
    );
    // Without FILL a kind that has not come would leave the sum without a value.
    const { Expression } = Metrics.find((each: { Expression?: string }) => each.Expression);
    expect(Expression).toBe(kinds.map((kind) => `FILL(${kind}, 0)`).join(' + '));
    // What pages of others (extensions of a browser) make is not ours to be woken for.
    expect(kinds).not.toContain('policy');
  });

  it.each(all)('%s: missing tasks of each service, and the database', (_, one) => {
    const names = Object.keys(alarms(one));
    expect(names).toEqual(
      expect.arrayContaining([
        'tasks-missing-api-service',
        'tasks-missing-operator-api',
        'tasks-missing-background',
        'database-busy',
        'database-connections',
      ]),
    );
  });

  it.each(all)('%s: metrics of the programs are those that they have, with their labels', (_, one) => {
    const template = one.templates['watch']!.toJSON();
    const sources = [
      'worker-service/observed_worker.cpp',
      'worker-service/observed_dispatch.cpp',
      'api-service/api_metrics.cpp',
      'programs/order_worker.cpp',
      'api-service/handlers/client_errors.cpp',
    ];
    const source = sources.map(read).join('');
    const used = new Set(JSON.stringify(template).match(/orderflow_[a-z_]+/g));
    expect(used.size).toBeGreaterThanOrEqual(7);
    for (const name of used) expect(source).toContain(`"${name}"`);
    const emf = read('libs/observe/emf.hpp');
    expect(emf).toContain('name_space = "Orderflow"');
    expect(JSON.stringify(template)).toContain('"Namespace":"Orderflow"');
  });

  it.each(all)('%s: all tell their beginning and their end to the topic', (_, one) => {
    for (const { AlarmActions, OKActions } of Object.values<Resource['Properties']>(alarms(one))) {
      expect(text(AlarmActions[0])).toMatch(/Topic/);
      expect(OKActions).toEqual(AlarmActions);
    }
  });

  it('the topic reaches e-mail and Slack', () => {
    production.templates['watch']!.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'operators@example.com',
    });
    production.templates['watch']!.resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 1);
  });

  it('the runbook has a line for each that the file does not have', () => {
    const runbook = read('docs/runbook.md');
    const own = Object.keys({ ...alarms(demo), ...alarms(production) }).map((name) =>
      name.replace(/^tasks-missing-.*/, 'tasks-missing'),
    );
    for (const name of own) expect(runbook).toContain(`| \`${name}\` |`);
  });

  it('a dashboard shows them with the rows of ops/grafana-dashboard.json', () => {
    const body = text(only(demo.templates['watch']!, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody);
    for (const title of ['Alarms', 'Messages that wait', 'Age of the oldest message', 'Accepted to settled']) {
      expect(body).toContain(title);
      expect(read('ops/grafana-dashboard.json')).toContain(`"title": "${title}"`);
    }
  });
});

describe('logs', () => {
  it.each(all)('%s: every log group ends its lines', (_, { templates, config }) => {
    for (const template of Object.values(templates)) {
      for (const { Properties } of resources(template, 'AWS::Logs::LogGroup')) {
        expect(Properties.RetentionInDays).toBe(config.logDays);
      }
    }
  });
});

describe('inputs', () => {
  const problems = (stage: string, inputs: Inputs): readonly string[] => {
    try {
      configure(stage, inputs);
      return [];
    } catch (error) {
      return (error as ConfigError).problems;
    }
  };

  it('demo needs none', () => expect(problems('demo', {})).toEqual([]));

  it('production says everything that it lacks at once', () => {
    expect(problems('production', {}).map((problem) => problem.split(':')[0])).toEqual([
      'domain',
      'paymentUrl',
      'operators.addresses',
      'operators',
      'images.apiService',
      'images.workerService',
      'images.orderflow',
      'images.shell',
      'images.psql',
    ]);
  });

  it('a worker of another kind is refused', () => {
    expect(problems('demo', switchedInputs)).toEqual([]);
    expect(problems('demo', { worker: 'lamdba' as 'lambda' })).toEqual(["worker: 'lamdba' is neither fargate nor lambda"]);
  });

  it('a certificate of another region is refused', () => {
    const domain = { ...productionInputs.domain!, siteCertificateArn: 'arn:aws:acm:eu-west-1:1:certificate/x' };
    expect(problems('production', { ...productionInputs, domain })).toEqual([
      'domain.siteCertificateArn: a certificate of ACM in us-east-1',
    ]);
  });

  it('an unknown stage or input is refused', () => {
    expect(problems('test', {})[0]).toMatch(/neither demo nor production/);
    expect(problems('demo', { regoin: 'eu-west-1' } as Inputs)[0]).toMatch(/^regoin: there is no such input/);
  });

  it('addresses of operators are blocks that AWS WAF takes: not all addresses, and none that is no address', () => {
    const of = (address: string) => problems('demo', { operators: { addresses: [address] } });
    for (const good of ['192.0.2.0/24', '192.0.2.7/32', '2001:db8::/32', '2001:db8::1/128']) expect(of(good), good).toEqual([]);
    for (const bad of ['0.0.0.0/0', '::/0', '192.0.2.0', '192.0.2.0/33', '300.0.2.0/24', '2001:db8::/129', '10.0.0.0/8/8']) {
      expect(of(bad)[0], bad).toMatch(/^operators\.addresses: /);
    }
  });

  it('a region whose prefix list is not known needs it', () => {
    expect(problems('demo', { region: 'sa-east-1' })).toEqual([
      'cloudFrontPrefixList: the id of com.amazonaws.global.cloudfront.origin-facing in sa-east-1',
    ]);
  });

  it('workers leave connections to the APIs', () => {
    expect(workersWithin(80, 2)).toBe(27); // (80 - 20 kept - 2 x 2 of APIs - 2 of the background task) / 2
    expect(workersWithin(10, 10)).toBe(1);
    expect([functionsWithin(80, 2), functionsWithin(400, 10)]).toEqual([13, 89]); // half of them: two versions of a function
    expect(functionsWithin(10, 10)).toBe(2);
  });

  it('./dev aws secrets makes every parameter that is put into a task', () => {
    const script = read('tools/dev/aws.sh');
    for (const name of parameterNames) expect(script).toContain(name);
  });
});
