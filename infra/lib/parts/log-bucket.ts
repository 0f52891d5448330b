// A bucket for the logs of AWS's own parts: load balancer, CloudFront, refused connections.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { accept } from '../findings.ts';

export function logBucket(scope: Construct, id: string, props: { config: Config; cloudFront?: boolean }): s3.Bucket {
  const { config } = props;
  const bucket = new s3.Bucket(scope, id, {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    // CloudFront writes its logs with an access list.
    objectOwnership: props.cloudFront ? s3.ObjectOwnership.BUCKET_OWNER_PREFERRED : s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: [{ expiration: Duration.days(config.logDays) }],
    removalPolicy: config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  accept(bucket, { 'AwsSolutions-S1': 'It holds access logs; a log of who reads logs would need one more.' });
  return bucket;
}
