// The order store: PostgreSQL in subnets without a way out, encrypted. Aurora Serverless v2, or one instance for a demo.
import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { accept } from '../findings.ts';

export const databaseName = 'orderflow';
export const databasePort = 5432;
// infra/database/roles.sql makes them.
export type DatabaseRole = 'orderflow_owner' | 'orderflow_worker' | 'orderflow_reader';

// How the programs sign in; beside DATABASE_URL, whose password is of no use to a role that IAM lets in.
export function databaseEnvironment({ database }: Config): Record<string, string> {
  return { ORDERFLOW_DATABASE_AUTH: database.authentication };
}

export interface OrderDatabaseProps {
  readonly config: Config;
  readonly vpc: ec2.IVpc;
}

export class OrderDatabase extends Construct {
  readonly securityGroup: ec2.SecurityGroup;
  // The writer: the API shows an order as soon as it is stored, which a replica would not.
  readonly host: string;
  readonly metrics: { readonly namespace: 'AWS/RDS'; readonly dimensionsMap: Record<string, string> };
  // Made and rotated by RDS; for infra/database/roles.sql alone.
  readonly masterSecret: secretsmanager.ISecret;
  private readonly resourceId: string;

  constructor(scope: Construct, id: string, props: OrderDatabaseProps) {
    super(scope, id);
    this.securityGroup = new ec2.SecurityGroup(this, 'Group', {
      vpc: props.vpc,
      description: 'The order store: sessions of our programs alone',
      allowAllOutbound: false,
    });
    const made = props.config.database.engine === 'aurora' ? this.aurora(props) : this.instance(props);
    this.host = made.host;
    this.metrics = { namespace: 'AWS/RDS', dimensionsMap: made.dimensions };
    this.masterSecret = made.masterSecret;
    this.resourceId = made.resourceId;
  }

  // Tokens instead of passwords, as this user of the database alone.
  grantConnect(role: iam.IGrantable, user: DatabaseRole): void {
    const arn = Stack.of(this).formatArn({
      service: 'rds-db',
      resource: 'dbuser',
      resourceName: `${this.resourceId}/${user}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    iam.Grant.addToPrincipal({ grantee: role, actions: ['rds-db:connect'], resourceArns: [arn] });
  }

  private common({ config, vpc }: OrderDatabaseProps, engine: rds.IEngine) {
    return {
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      securityGroups: [this.securityGroup],
      port: databasePort,
      manageMasterUserPassword: true,
      credentials: rds.Credentials.fromUsername('postgres'),
      storageEncrypted: true,
      iamAuthentication: true,
      deletionProtection: config.keepData,
      removalPolicy: config.keepData ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY,
      cloudwatchLogsExports: ['postgresql'],
      parameterGroup: new rds.ParameterGroup(this, 'Parameters', {
        engine: engine as rds.IClusterEngine,
        description: 'Orderflow',
        parameters: {
          'rds.force_ssl': '1',
          max_connections: String(config.database.connections),
          log_min_duration_statement: '1000',
          // Values of a statement are buyers' addresses; its log, which RDS keeps for ever, has the text alone.
          log_parameter_max_length: '0',
          log_parameter_max_length_on_error: '0',
        },
      }),
    };
  }

  private aurora(props: OrderDatabaseProps) {
    const { database } = props.config;
    const engine = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 });
    const cluster = new rds.DatabaseCluster(this, 'Cluster', {
      ...this.common(props, engine),
      engine,
      defaultDatabaseName: databaseName,
      serverlessV2MinCapacity: database.minAcu,
      serverlessV2MaxCapacity: database.maxAcu,
      writer: rds.ClusterInstance.serverlessV2('Writer', { publiclyAccessible: false, enablePerformanceInsights: true }),
      readers: Array.from({ length: database.instances - 1 }, (_, i) =>
        rds.ClusterInstance.serverlessV2(`Standby${i + 1}`, { publiclyAccessible: false, scaleWithWriter: true }),
      ),
      backup: { retention: Duration.days(database.backupDays) },
    });
    accept(cluster, { 'AwsSolutions-RDS11': 'The port is no secret: the security group decides who reaches it.' });
    return {
      host: cluster.clusterEndpoint.hostname,
      dimensions: { DBClusterIdentifier: cluster.clusterIdentifier },
      masterSecret: cluster.secret!,
      resourceId: cluster.clusterResourceIdentifier,
    };
  }

  private instance(props: OrderDatabaseProps) {
    const engine = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 });
    const instance = new rds.DatabaseInstance(this, 'Instance', {
      ...this.common(props, engine),
      engine,
      databaseName,
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.BURSTABLE4_GRAVITON, ec2.InstanceSize.MICRO),
      publiclyAccessible: false,
      allocatedStorage: 20,
      storageType: rds.StorageType.GP3,
      multiAz: false,
      backupRetention: Duration.days(props.config.database.backupDays),
      autoMinorVersionUpgrade: true,
    });
    accept(instance, {
      'AwsSolutions-RDS3': 'demo: one instance, as cheap as it works. production has Aurora in two zones.',
      'AwsSolutions-RDS10': 'demo: it goes with its stack.',
      'AwsSolutions-RDS11': 'The port is no secret: the security group decides who reaches it.',
    });
    return {
      host: instance.dbInstanceEndpointAddress,
      dimensions: { DBInstanceIdentifier: instance.instanceIdentifier },
      masterSecret: instance.secret!,
      resourceId: instance.instanceResourceId!,
    };
  }
}
