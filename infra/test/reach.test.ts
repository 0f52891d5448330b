// Who reaches whom, and how far what comes from outside gets: security groups, the load balancer's own answer, CloudFront's
// side of the viewer, the web ACL.
import { describe, expect, it } from 'vitest';
import { otherPorts } from '../lib/parts/service-group.ts';
import { configure } from '../lib/config.ts';
import { all, demo, only, production, read, resources, switched, text, type Resource } from './support.ts';

type Template = (typeof demo)['templates'][string];

// Every rule of a stack's groups: in the group or beside it.
function rules(template: Template, way: 'Ingress' | 'Egress'): { group: string; rule: Resource['Properties'] }[] {
  const inside = Object.entries(template.findResources('AWS::EC2::SecurityGroup')).flatMap(([group, { Properties }]) =>
    (Properties[`SecurityGroup${way}`] ?? []).map((rule: unknown) => ({ group, rule })),
  );
  const beside = resources(template, `AWS::EC2::SecurityGroup${way}`).map(({ Properties }) => ({
    group: text(Properties.GroupId),
    rule: Properties,
  }));
  return [...inside, ...beside].filter(({ rule }) => rule.CidrIp !== '255.255.255.255/32'); // CDK's "nowhere"
}

describe.each(all)('%s', (_, one) => {
  it('a service reaches HTTPS everywhere, the database, and nothing else', () => {
    for (const part of ['data', 'worker', 'api']) {
      const out = rules(one.templates[part]!, 'Egress').filter(({ group }) => !/Entrance|Default/.test(group));
      expect(out.length, part).toBeGreaterThan(0);
      for (const { group, rule } of out) {
        const to = rule.CidrIp ?? text(rule.DestinationSecurityGroupId);
        expect([rule.FromPort, rule.ToPort, rule.IpProtocol], group).toEqual(
          rule.CidrIp ? [443, 443, 'tcp'] : [5432, 5432, 'tcp'],
        );
        expect(to, group).toMatch(/^0\.0\.0\.0\/0$|DatabaseGroup/);
      }
    }
  });

  it('the load balancer reaches the port of its tasks alone', () => {
    const out = rules(one.templates['api']!, 'Egress').filter(({ group }) => /Entrance/.test(group));
    expect(out).toHaveLength(2);
    for (const { rule } of out) {
      expect([rule.FromPort, rule.ToPort]).toEqual([8080, 8080]);
      expect(text(rule.DestinationSecurityGroupId)).toMatch(/^<(Api|Operators)Group/);
    }
  });

  it('the database is reached by groups of our programs, and by no address', () => {
    const into = ['data', 'worker', 'api'].flatMap((part) =>
      rules(one.templates[part]!, 'Ingress').filter(({ group }) => /DatabaseGroup/.test(group)),
    );
    expect(into).toHaveLength(5); // tasks of the database, two of the worker, two of the API
    for (const { rule } of into) {
      expect([rule.FromPort, rule.ToPort]).toEqual([5432, 5432]);
      expect(text(rule.SourceSecurityGroupId)).toMatch(/Group/);
      expect(rule).not.toHaveProperty('CidrIp');
    }
  });

  // Of the types that a load balancer may answer with, JSON is the one that the API's errors are.
  it('what nobody answers is answered by the load balancer: JSON in the form of the API', () => {
    const { DefaultActions } = only(one.templates['api']!, 'AWS::ElasticLoadBalancingV2::Listener').Properties;
    const [{ FixedResponseConfig }] = DefaultActions;
    expect(FixedResponseConfig).toMatchObject({ ContentType: 'application/json', StatusCode: '404' });
    expect(JSON.parse(FixedResponseConfig.MessageBody)).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('CloudFront answers / with the page, by HTTPS alone', () => {
    const { DefaultRootObject, DefaultCacheBehavior, CacheBehaviors, Logging } = only(
      one.templates['site']!,
      'AWS::CloudFront::Distribution',
    ).Properties.DistributionConfig;
    expect(DefaultRootObject).toBe('index.html');
    expect(DefaultCacheBehavior.ViewerProtocolPolicy).toBe('redirect-to-https');
    for (const { ViewerProtocolPolicy, PathPattern } of CacheBehaviors) {
      expect(ViewerProtocolPolicy, PathPattern).toBe(PathPattern === '/assets/*' ? 'redirect-to-https' : 'https-only');
    }
    expect(text(Logging.Bucket)).toMatch(/Logs/);
  });

  it('the web ACL is of CloudFront, in its region, with the common rules of AWS and a window of five minutes', () => {
    const site = one.templates['site']!;
    expect(one.stacks['site']!.region).toBe('us-east-1');
    const sets = resources(site, 'AWS::WAFv2::IPSet').map(({ Properties }) => Properties.Scope);
    const acl = only(site, 'AWS::WAFv2::WebACL').Properties;
    expect([acl.Scope, ...sets]).toEqual(['CLOUDFRONT', 'CLOUDFRONT', 'CLOUDFRONT']);
    expect(acl.DefaultAction).toEqual({ Allow: {} });
    const named = (name: string) => acl.Rules.find(({ Name }: { Name: string }) => Name === name).Statement;
    expect(named('rate').RateBasedStatement).toEqual({ AggregateKeyType: 'IP', EvaluationWindowSec: 300, Limit: 2000 });
    const { VendorName, Name, RuleActionOverrides } = named('common').ManagedRuleGroupStatement;
    expect([VendorName, Name]).toEqual(['AWS', 'AWSManagedRulesCommonRuleSet']);
    // Each kind of rule that the group has; one that is not named would be refused with HTML.
    const names = RuleActionOverrides.map((each: { Name: string }) => each.Name);
    const places = ['BODY', 'COOKIE', 'QUERYARGUMENTS', 'URIPATH'];
    expect(names.sort()).toEqual(
      [
        'NoUserAgent_HEADER',
        'UserAgent_BadBots_HEADER',
        ...['QUERYSTRING', 'Cookie_HEADER', 'BODY', 'URIPATH'].map((place) => `SizeRestrictions_${place}`),
        ...places.flatMap((place) => [`EC2MetaDataSSRF_${place}`, `CrossSiteScripting_${place}`]),
        ...['QUERYARGUMENTS', 'URIPATH', 'BODY'].flatMap((place) => [`GenericLFI_${place}`, `GenericRFI_${place}`]),
        ...['URIPATH', 'QUERYARGUMENTS'].map((place) => `RestrictedExtensions_${place}`),
      ].sort(),
    );
  });

  it('operators: all of /v1/admin, the console and the list of orders, however the path is written', () => {
    const acl = only(one.templates['site']!, 'AWS::WAFv2::WebACL').Properties;
    const { Statement } = acl.Rules.find(({ Name }: { Name: string }) => Name === 'operators');
    const [asked, from] = Statement.AndStatement.Statements;
    const match = ({ ByteMatchStatement: it }: Resource['Properties']): string => {
      const types = it.TextTransformations.map(({ Type }: { Type: string }) => Type);
      expect(types, it.SearchString).toEqual(['URL_DECODE', 'NORMALIZE_PATH', 'LOWERCASE']);
      return `${it.FieldToMatch.Method ? 'method ' : ''}${it.PositionalConstraint} ${it.SearchString}`;
    };
    const [admin, console, listed] = asked.OrStatement.Statements;
    expect([match(admin), match(console)]).toEqual(['STARTS_WITH /v1/admin', 'EXACTLY /ops']);
    expect(listed.AndStatement.Statements.map(match)).toEqual(['EXACTLY /v1/orders', 'method EXACTLY get']);
    expect(from.NotStatement.Statement.OrStatement.Statements).toHaveLength(2); // IPv4 and IPv6
    // Both doors know the same requests: what the web ACL lets operators alone ask for is the operator API's.
    const behind = resources(one.templates['api']!, 'AWS::ElasticLoadBalancingV2::ListenerRule')
      .filter(({ Properties }) => /Operators/.test(text(Properties.Actions[0].TargetGroupArn)))
      .map(({ Properties }) =>
        Properties.Conditions.map(
          ({ PathPatternConfig, HttpRequestMethodConfig }: Resource['Properties']) =>
            (PathPatternConfig ?? HttpRequestMethodConfig).Values,
        ),
      );
    expect(behind).toEqual(expect.arrayContaining([[['/v1/admin/*', '/ops']], [['/v1/orders'], ['GET']]]));
    expect(behind).toHaveLength(2);
  });
});

describe('a port of its own among the inputs', () => {
  it('of a collector or a payment endpoint is opened; HTTPS is open', () => {
    const ports = (otlpEndpoint?: string, url?: string) => otherPorts({ otlpEndpoint, payment: { provider: 'http', url } });
    expect(ports()).toEqual([]);
    expect(ports('https://xray.eu-west-1.amazonaws.com', 'https://shop.example.com/payments')).toEqual([]);
    expect(ports('http://collector.internal:4318', 'https://shop.example.com:8443/payments')).toEqual([4318, 8443]);
    expect(ports('http://collector.internal')).toEqual([80]);
  });

  it('an address that is none is refused', () => {
    expect(() => configure('demo', { otlpEndpoint: 'collector:x:y' })).toThrow(/otlpEndpoint/);
    expect(() => configure('demo', { otlpEndpoint: 'http://collector:4318' })).not.toThrow();
  });
});

describe('endpoints', () => {
  it('are reached from inside of the VPC alone, by HTTPS', () => {
    const template = switched.templates['data']!;
    const into = rules(template, 'Ingress').filter(({ group }) => /Endpoints/.test(group));
    expect(into.map(({ rule }) => [text(rule.CidrIp), rule.FromPort, rule.ToPort])).toEqual([
      [expect.stringMatching(/Vpc\w+\.CidrBlock/), 443, 443],
    ]);
    for (const { Properties } of resources(template, 'AWS::EC2::VPCEndpoint')) {
      if (Properties.VpcEndpointType !== 'Interface') continue;
      expect(Properties.SecurityGroupIds.map(text).join()).toMatch(/Endpoints/);
      expect(Properties.SubnetIds.map(text).join()).toMatch(/services/);
    }
  });
});

describe('the function', () => {
  it('stands in the subnets of the services', () => {
    const { VpcConfig } = only(switched.templates['worker']!, 'AWS::Lambda::Function').Properties;
    expect(VpcConfig.SubnetIds.map(text).join()).toMatch(/services.*services/);
    expect(VpcConfig.SubnetIds.map(text).join()).not.toMatch(/public/);
  });
});

describe('a file of products', () => {
  it('is as large as the API takes it, and the rate of AWS knows no exception', () => {
    expect(read('libs/contract/product_file.hpp')).toMatch(/product_file_bytes_max = 1024 \* 1024|product_file_bytes_max = 1 << 20/);
    const acl = only(production.templates['site']!, 'AWS::WAFv2::WebACL').Properties;
    const { RateBasedStatement } = acl.Rules.find(({ Name }: { Name: string }) => Name === 'rate').Statement;
    expect(RateBasedStatement).not.toHaveProperty('ScopeDownStatement');
  });
});
