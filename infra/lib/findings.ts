// Findings of cdk-nag that are meant to be as they are, each with its reason where the thing is made.
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

// `id` is what the report says, e.g. AwsSolutions-IAM5[Resource::*]. It holds for `construct` and all in it.
export function accept(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  Validations.of(construct).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })));
}
