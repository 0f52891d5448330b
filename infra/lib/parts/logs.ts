// Where the programs' lines go, and for how long they stay.
import { RemovalPolicy, Size } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';

export function logGroup(scope: Construct, id: string, config: Config): logs.LogGroup {
  return new logs.LogGroup(scope, id, {
    retention: config.logDays as logs.RetentionDays,
    removalPolicy: config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
}

// Non-blocking: a slow CloudWatch must not stop an order. Lines that do not fit the buffer are lost, so nothing may be
// counted by logs. Both are said here, as ECS has changed its defaults before.
export function logging(group: logs.LogGroup, prefix: string): ecs.LogDriver {
  return ecs.LogDrivers.awsLogs({
    logGroup: group,
    streamPrefix: prefix,
    mode: ecs.AwsLogDriverMode.NON_BLOCKING,
    maxBufferSize: Size.mebibytes(25),
  });
}
