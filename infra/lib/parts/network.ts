// The VPC: public subnets for NAT gateways alone (and for a public load balancer), private ones for everything of ours.
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { accept } from '../findings.ts';

// What the services talk to, besides S3.
const endpoints: Readonly<Record<string, ec2.InterfaceVpcEndpointAwsService>> = {
  Queues: ec2.InterfaceVpcEndpointAwsService.SQS,
  Parameters: ec2.InterfaceVpcEndpointAwsService.SSM,
  Secrets: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  Images: ec2.InterfaceVpcEndpointAwsService.ECR,
  ImageLayers: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
};

export class Network extends Construct {
  readonly vpc: ec2.Vpc;

  constructor(scope: Construct, id: string, props: { config: Config; flowLogs: s3.IBucket }) {
    super(scope, id);
    const { network, eventsTopic } = props.config;
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: network.natGateways,
      subnetConfiguration: [
        { name: 'public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: 'services', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
        { name: 'database', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
      // Costs nothing, and image layers come from S3.
      gatewayEndpoints: { Storage: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
    });
    this.vpc.addFlowLog('Refused', {
      destination: ec2.FlowLogDestination.toS3(props.flowLogs, 'flow'),
      trafficType: ec2.FlowLogTrafficType.REJECT,
    });
    if (!network.endpoints) return;
    const group = new ec2.SecurityGroup(this, 'Endpoints', {
      vpc: this.vpc,
      description: 'Interface endpoints: HTTPS from inside',
      allowAllOutbound: false,
    });
    group.addIngressRule(ec2.Peer.ipv4(this.vpc.vpcCidrBlock), ec2.Port.tcp(443), 'HTTPS of the services');
    accept(group, { 'AwsSolutions-EC23': 'The addresses are those of the VPC, which CloudFormation fills in.' });
    const events = eventsTopic === 'none' ? {} : { Events: ec2.InterfaceVpcEndpointAwsService.SNS };
    for (const [name, service] of Object.entries({ ...endpoints, ...events })) {
      this.vpc.addInterfaceEndpoint(name, { service, open: false, securityGroups: [group] });
    }
  }
}
