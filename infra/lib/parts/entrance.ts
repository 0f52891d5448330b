// The load balancer. CloudFront is the one door: the balancer is internal and reached through a VPC origin, or public and
// open to CloudFront's addresses alone.
import { Duration } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { timeouts } from '../timeouts.ts';

export const apiPort = 8080;

// CloudFront and the load balancer, in line before the program: each adds to X-Forwarded-For whom it speaks for, so that
// the client is the second entry from the right, whatever it wrote itself. That of CloudFront, the last, is an address of
// the VPC or of CloudFront's list; it need not be known, as the balancer's group lets nobody else in.
export const proxyHops = 2;

export interface EntranceProps {
  readonly config: Config;
  readonly vpc: ec2.IVpc;
  readonly accessLogs: s3.IBucket;
}

export class Entrance extends Construct {
  readonly balancer: elb.ApplicationLoadBalancer;
  readonly group: ec2.SecurityGroup;
  // Where its connections come from. Its nodes change; their subnets do not.
  readonly networks: readonly string[];
  private readonly listener: elb.ApplicationListener;

  constructor(scope: Construct, id: string, props: EntranceProps) {
    super(scope, id);
    const { config, vpc } = props;
    const secure = config.domain !== undefined;
    const port = secure ? 443 : 80;
    this.group = new ec2.SecurityGroup(this, 'Group', {
      vpc,
      description: 'The load balancer: connections of CloudFront alone',
      allowAllOutbound: false,
    });
    this.group.addIngressRule(ec2.Peer.prefixList(config.cloudFrontPrefixList), ec2.Port.tcp(port), 'CloudFront');
    const subnets = { subnetGroupName: config.entrance === 'public' ? 'public' : 'services' };
    this.networks = vpc.selectSubnets(subnets).subnets.map((subnet) => subnet.ipv4CidrBlock);
    this.balancer = new elb.ApplicationLoadBalancer(this, 'Balancer', {
      vpc,
      internetFacing: config.entrance === 'public',
      vpcSubnets: subnets,
      securityGroup: this.group,
      dropInvalidHeaderFields: true,
      deletionProtection: config.keepData,
      idleTimeout: timeouts.balancerIdle,
      // Who is counted hangs on it, so it is said and not left to a default.
      xffHeaderProcessingMode: elb.XffHeaderProcessingMode.APPEND,
    });
    this.balancer.logAccessLogs(props.accessLogs, 'balancer');
    this.listener = this.balancer.addListener('Listener', {
      port,
      open: false,
      ...(config.domain
        ? {
            protocol: elb.ApplicationProtocol.HTTPS,
            sslPolicy: elb.SslPolicy.TLS13_RES,
            certificates: [
              acm.Certificate.fromCertificateArn(this, 'Certificate', config.domain.apiCertificateArn),
            ],
          }
        : { protocol: elb.ApplicationProtocol.HTTP }),
      defaultAction: elb.ListenerAction.fixedResponse(404, {
        contentType: 'application/json', // of the few types that a load balancer may answer with, the one that it is
        messageBody: JSON.stringify({
          type: 'urn:orderflow:problem:not-found',
          title: 'Not found',
          status: 404,
          code: 'not-found',
        }),
      }),
    });
  }

  // Tasks of a service behind some requests. A smaller priority is asked first.
  route(id: string, priority: number, conditions: elb.ListenerCondition[], vpc: ec2.IVpc): elb.ApplicationTargetGroup {
    const targets = new elb.ApplicationTargetGroup(this, id, {
      vpc,
      port: apiPort,
      protocol: elb.ApplicationProtocol.HTTP,
      targetType: elb.TargetType.IP,
      deregistrationDelay: timeouts.deregistration,
      // Knows nothing of queue and database: an outage of theirs must not restart every task.
      healthCheck: {
        path: '/healthz',
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
        healthyHttpCodes: '200',
      },
    });
    this.also(id, priority, conditions, targets);
    return targets;
  }

  // More requests for tasks that have some already.
  also(id: string, priority: number, conditions: elb.ListenerCondition[], targets: elb.ApplicationTargetGroup): void {
    new elb.ApplicationListenerRule(this, `${id}Rule`, {
      listener: this.listener,
      priority,
      conditions,
      targetGroups: [targets],
    });
  }
}
