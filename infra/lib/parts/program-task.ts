// One of our programs as a task on Fargate: no root, no capability, a root file system that cannot be written, settings
// from the environment, secrets put in at the start, a data directory that ends with the task.
import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { accept } from '../findings.ts';
import { logGroup, logging } from './logs.ts';
import type { InjectedParameter } from './parameters.ts';

// The user of our images.
const user = '10001:10001';
export const dataDirectory = '/data';
const volume = 'data';

export interface ProgramProps {
  readonly config: Config;
  readonly name: string; // of the task, e.g. operator-api
  readonly program: 'api-service' | 'worker-service' | 'orderflow';
  readonly repository: ecr.IRepository;
  readonly image: string; // a digest or a tag of it
  readonly command?: string[]; // behind the name of the program
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly environment: Record<string, string>;
  readonly secrets: Record<string, InjectedParameter>;
  // What lies in the data directory when the program starts, by the names of the files.
  readonly files?: Readonly<Record<string, InjectedParameter>>;
  readonly port?: number;
  readonly serves?: boolean; // it has a /healthz, which knows no dependency, and runs until it is stopped
  readonly stopTimeout?: Duration;
}

export class ProgramTask extends Construct {
  readonly definition: ecs.FargateTaskDefinition;
  readonly container: ecs.ContainerDefinition;
  readonly logs: logs.LogGroup;
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: ProgramProps) {
    super(scope, id);
    const { config } = props;
    this.logs = logGroup(this, 'Logs', config);
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
      path: taskRolePath(config),
      description: `Orderflow ${config.stage}: what ${props.name} may do`,
    });
    allowTraces(this.role, config);
    this.definition = new ecs.FargateTaskDefinition(this, 'Task', {
      family: taskFamily(config, props.name),
      cpu: props.cpu,
      memoryLimitMiB: props.memoryMiB,
      taskRole: this.role,
      executionRole: executionRole(this, config, props.name),
      runtimePlatform: {
        cpuArchitecture: ecs.CpuArchitecture.of(config.architecture === 'arm64' ? 'ARM64' : 'X86_64'),
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
      volumes: [{ name: volume }],
    });
    const directory = this.addDataDirectory(props);
    const linux = new ecs.LinuxParameters(this, 'Linux');
    linux.dropCapabilities(ecs.Capability.ALL);
    this.container = this.definition.addContainer(props.program, {
      image: ecs.ContainerImage.fromEcrRepository(props.repository, props.image),
      essential: true,
      command: props.command,
      user,
      readonlyRootFilesystem: true,
      linuxParameters: linux,
      ulimits: [{ name: ecs.UlimitName.NOFILE, softLimit: 65536, hardLimit: 65536 }],
      stopTimeout: props.stopTimeout,
      environment: this.environment(props),
      secrets: props.secrets,
      logging: logging(this.logs, props.program),
      // ECS asks by a command inside of the container alone, and the image has neither a shell nor a client: the program
      // asks itself.
      healthCheck: props.serves
        ? {
            command: ['CMD', `/usr/bin/${props.program}`, '--health'],
            interval: Duration.seconds(10),
            timeout: Duration.seconds(5),
            retries: 3,
            startPeriod: Duration.seconds(30),
          }
        : undefined,
      portMappings: props.port === undefined ? [] : [{ containerPort: props.port }],
    });
    this.container.addMountPoints({ sourceVolume: volume, containerPath: dataDirectory, readOnly: false });
    this.container.addContainerDependencies({ container: directory, condition: ecs.ContainerDependencyCondition.SUCCESS });
    accept(this.definition, {
      'AwsSolutions-ECS2': 'What stands in the definition is no secret; secrets are parameters of SSM, put in at the start.',
    });
    accept(this.definition.executionRole!, {
      'AwsSolutions-IAM5[Resource::*]': 'ecr:GetAuthorizationToken knows no resource.',
    });
  }

  private environment({ config, environment }: ProgramProps): Record<string, string> {
    return {
      ORDERFLOW_DATA_DIR: dataDirectory,
      ORDERFLOW_PROFILE: config.stage === 'production' ? 'production' : 'development',
      ORDERFLOW_METRICS: 'emf',
      AWS_REGION: config.region,
      ...(config.otlpEndpoint ? { OTEL_EXPORTER_OTLP_ENDPOINT: config.otlpEndpoint } : {}),
      ...environment,
    };
  }

  // A fresh volume belongs to root. A container with a shell, which our images do not have, hands it over and writes the
  // files into it, before the program starts. It fails where one would be empty, and the program does not start then.
  private addDataDirectory(props: ProgramProps): ecs.ContainerDefinition {
    const files = Object.entries(props.files ?? {});
    const variable = (file: string) => file.toUpperCase().replace(/[^A-Z]/g, '_');
    const write = files.map(([file]) => `test -n "$${variable(file)}"; printf "%s\\n" "$${variable(file)}" > ${file}`);
    const directory = this.definition.addContainer('data-directory', {
      image: ecs.ContainerImage.fromRegistry(props.config.images.shell),
      essential: false,
      readonlyRootFilesystem: true,
      workingDirectory: dataDirectory,
      command: ['sh', '-ec', ['umask 077', ...write, `chown -R ${user} .`].join('; ')],
      secrets: Object.fromEntries(files.map(([file, parameter]) => [variable(file), parameter])),
      logging: logging(this.logs, 'data-directory'),
    });
    directory.addMountPoints({ sourceVolume: volume, containerPath: dataDirectory, readOnly: false });
    return directory;
  }
}

// Known before the roles are, so that the right to start such a task can be given to who delivers.
export const taskRolePath = ({ stage }: Config): string => `/orderflow/${stage}/tasks/`;
export const taskFamily = ({ stage }: Config, name: string): string => `orderflow-${stage}-${name}`;

// What ECS itself may do to start a task: its image, its log, the secrets that are put in.
export function executionRole(scope: Construct, config: Config, name: string): iam.Role {
  return new iam.Role(scope, 'ExecutionRole', {
    assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
    path: taskRolePath(config),
    description: `Orderflow ${config.stage}: what ECS may do to start ${name}`,
  });
}

// A service of such tasks in the private subnets, which a bad deployment does not take down.
export function fargateService(
  scope: Construct,
  id: string,
  props: {
    cluster: ecs.ICluster;
    name: string; // known beforehand, so that alarms need nothing of the stack that it is in
    task: ProgramTask;
    group: ec2.ISecurityGroup;
    // None where the number is scaled: CloudFormation would set it back with every release, also in the middle of a peak.
    tasks?: number;
    healthGrace?: Duration;
  },
): ecs.FargateService {
  return new ecs.FargateService(scope, id, {
    cluster: props.cluster,
    serviceName: props.name,
    taskDefinition: props.task.definition,
    desiredCount: props.tasks,
    assignPublicIp: false,
    vpcSubnets: { subnetGroupName: 'services' },
    securityGroups: [props.group],
    circuitBreaker: { enable: true, rollback: true },
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    healthCheckGracePeriod: props.healthGrace,
    enableExecuteCommand: false,
    enableECSManagedTags: true,
    propagateTags: ecs.PropagatedTagSource.SERVICE,
  });
}

// X-Ray's own endpoint is told by its name and asked with a signature; a collector needs nothing of AWS.
export function allowTraces(role: iam.IRole, { otlpEndpoint }: Config): void {
  if (!/^https:\/\/xray\.[a-z0-9-]+\.amazonaws\.com(\/|$)/.test(otlpEndpoint ?? '')) return;
  iam.Grant.addToPrincipal({
    grantee: role,
    actions: ['xray:PutSpans', 'xray:PutSpansForIndexing', 'xray:PutTraceSegments'],
    resourceArns: ['*'],
  });
  accept(role, { 'AwsSolutions-IAM5[Resource::*]': 'What is written to X-Ray has no resource.' });
}
