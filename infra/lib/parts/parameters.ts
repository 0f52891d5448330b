// Parameters of SSM that ECS puts into the environment of a container at its start. CloudFormation cannot make a
// SecureString: `./dev aws secrets` does, with these names.
import { Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Stage } from '../config.ts';

export const parameterNames = [
  'id-secrets', // the file of secrets that order ids are made with; never changed, belongs into the backup
  'api-keys', // the file of API keys: digests, scopes and tenants of programs that order (./dev aws keys)
  'api-admin-token', // of the public API: nobody is meant to know it
  'operator-admin-token',
  'operator-read-token',
  'payment-secret',
  'sentry-dsn',
  'database/owner-password',
  'database/worker-password',
  'database/reader-password',
  'database/owner-url',
  'database/worker-url',
  'database/reader-url',
] as const;

export type ParameterName = (typeof parameterNames)[number];

// One parameter, readable for the task's execution role alone. Secret.fromSsmParameter would grant more.
export class InjectedParameter extends ecs.Secret {
  readonly arn: string;
  readonly hasField = false;

  constructor(scope: Construct, stage: Stage, name: ParameterName) {
    super();
    this.arn = Stack.of(scope).formatArn({ service: 'ssm', resource: 'parameter', resourceName: `orderflow/${stage}/${name}` });
  }

  override grantRead(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions: ['ssm:GetParameters'], resourceArns: [this.arn] });
  }
}
