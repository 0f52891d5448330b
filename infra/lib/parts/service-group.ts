// Who talks to whom, as security groups: a service reaches HTTPS (AWS, payment provider, webhooks) and what it is given.
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';

export function serviceGroup(scope: Construct, config: Config, vpc: ec2.IVpc, description: string): ec2.SecurityGroup {
  const group = new ec2.SecurityGroup(scope, 'Group', { vpc, description, allowAllOutbound: false });
  group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'HTTPS: AWS, payment provider, webhooks');
  for (const port of otherPorts(config)) {
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(port), 'Of an address among the inputs');
  }
  return group;
}

// What the inputs name beside HTTPS: a collector of traces, or a payment endpoint, with a port of its own.
export function otherPorts({ otlpEndpoint, payment }: Pick<Config, 'otlpEndpoint' | 'payment'>): number[] {
  const ports = [otlpEndpoint, payment.url].flatMap((url) => {
    if (url === undefined) return [];
    const { port, protocol } = new URL(url);
    return [Number(port || (protocol === 'http:' ? 80 : 443))];
  });
  return [...new Set(ports)].filter((port) => port !== 443);
}

// The rule of the database stands with the service, so that the database's stack needs to know none.
export function allowSession(group: ec2.SecurityGroup, database: ec2.ISecurityGroup, port: number): void {
  group.addEgressRule(database, ec2.Port.tcp(port), 'PostgreSQL');
  new ec2.CfnSecurityGroupIngress(group, 'Session', {
    groupId: database.securityGroupId,
    sourceSecurityGroupId: group.securityGroupId,
    ipProtocol: 'tcp',
    fromPort: port,
    toPort: port,
    description: 'Sessions of one service',
  });
}
