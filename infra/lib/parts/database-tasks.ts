// Two tasks that run once: the roles of the database, and the tables (`orderflow migrate`), which only its owner makes.
import { readFileSync } from 'node:fs';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { accept } from '../findings.ts';
import { logGroup, logging } from './logs.ts';
import { databaseEnvironment, databaseName, databasePort, type OrderDatabase } from './order-database.ts';
import { InjectedParameter } from './parameters.ts';
import { executionRole, ProgramTask, taskFamily, taskRolePath } from './program-task.ts';
import { allowSession, serviceGroup } from './service-group.ts';

export interface DatabaseTasksProps {
  readonly config: Config;
  readonly vpc: ec2.IVpc;
  readonly repository: ecr.IRepository;
  readonly database: OrderDatabase;
}

export class DatabaseTasks extends Construct {
  readonly roles: ecs.FargateTaskDefinition;
  readonly migrate: ProgramTask;
  readonly group: ec2.SecurityGroup;

  constructor(scope: Construct, id: string, props: DatabaseTasksProps) {
    super(scope, id);
    const { config, database } = props;
    this.group = serviceGroup(this, config, props.vpc, 'Database tasks: no requests from anybody');
    allowSession(this.group, database.securityGroup, databasePort);
    this.roles = this.rolesTask(props);
    this.migrate = new ProgramTask(this, 'Migrate', {
      config,
      name: 'migrate',
      program: 'orderflow',
      repository: props.repository,
      image: config.images.orderflow,
      command: ['migrate'],
      cpu: 256,
      memoryMiB: 512,
      environment: databaseEnvironment(config),
      secrets: { DATABASE_URL: new InjectedParameter(this, config.stage, 'database/owner-url') },
    });
    database.grantConnect(this.migrate.role, 'orderflow_owner');
  }

  private rolesTask({ config, database }: DatabaseTasksProps): ecs.FargateTaskDefinition {
    const scope = new Construct(this, 'Roles');
    const role = new iam.Role(scope, 'Role', {
      assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
      path: taskRolePath(config),
      description: `Orderflow ${config.stage}: the task that makes the roles of the database; it calls nothing of AWS`,
    });
    const definition = new ecs.FargateTaskDefinition(scope, 'Task', {
      family: taskFamily(config, 'database-roles'),
      executionRole: executionRole(scope, config, 'database-roles'),
      cpu: 256,
      memoryLimitMiB: 512,
      taskRole: role,
      runtimePlatform: {
        cpuArchitecture: ecs.CpuArchitecture.of(config.architecture === 'arm64' ? 'ARM64' : 'X86_64'),
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
    });
    const password = (name: 'owner' | 'worker' | 'reader') =>
      new InjectedParameter(this, config.stage, `database/${name}-password`);
    definition.addContainer('psql', {
      image: ecs.ContainerImage.fromRegistry(config.images.psql),
      readonlyRootFilesystem: true,
      user: '65534',
      // The script comes as text, as the image has none of our files.
      command: ['sh', '-ec', 'printf "%s" "$SQL" | psql -X -v ON_ERROR_STOP=1'],
      environment: {
        PGHOST: database.host,
        PGPORT: String(databasePort),
        PGDATABASE: databaseName,
        PGUSER: 'postgres',
        PGSSLMODE: 'require',
        IAM: config.database.authentication === 'iam' ? 'on' : 'off',
        SQL: readFileSync(new URL('../../database/roles.sql', import.meta.url), 'utf8'),
      },
      secrets: {
        PGPASSWORD: new MasterPassword(database.masterSecret.secretArn),
        OWNER_PASSWORD: password('owner'),
        WORKER_PASSWORD: password('worker'),
        READER_PASSWORD: password('reader'),
      },
      logging: logging(logGroup(scope, 'Logs', config), 'psql'),
    });
    accept(definition, {
      'AwsSolutions-ECS2': 'What stands in the definition is no secret; passwords are put in at the start.',
    });
    return definition;
  }
}

// The `password` of the secret that RDS makes and rotates, readable for this task's execution role alone.
class MasterPassword extends ecs.Secret {
  readonly arn: string;
  readonly hasField = true;

  constructor(private readonly secretArn: string) {
    super();
    this.arn = `${secretArn}:password::`;
  }

  override grantRead(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [this.secretArn],
    });
  }
}
