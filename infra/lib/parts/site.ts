// CloudFront, the one door: the page's files from a private bucket, orders and the API from the load balancer, on one
// origin name.
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { accept } from '../findings.ts';
import { timeouts } from '../timeouts.ts';
import { siteBucketName } from './delivery-roles.ts';
import { apiHeaders, siteHeaders } from './site-headers.ts';

export interface SiteProps {
  readonly config: Config;
  readonly webAclArn: string;
  readonly logs: s3.IBucket;
  // Of the entrance, from the outputs of its stack.
  readonly balancerArn?: string; // of an internal one
  readonly balancerName: string;
}

// What the load balancer answers; everything else is a file of the bucket.
const toTheApi = ['/order', '/orders/*', '/ops', '/v1/*'];

export class Site extends Construct {
  readonly bucket: s3.Bucket;
  readonly distribution: cloudfront.Distribution;

  constructor(scope: Construct, id: string, props: SiteProps) {
    super(scope, id);
    const { config } = props;
    this.bucket = new s3.Bucket(this, 'Files', {
      bucketName: siteBucketName(config, Stack.of(this).account),
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // A rollback of the page is a version of its files, and an asset that was taken out can be brought back. What is
      // current is never ended by its age here: the asset of today may be a year old (infra/site/superseded.mjs decides).
      versioned: true,
      lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(30), expiredObjectDeleteMarker: true }],
      serverAccessLogsBucket: props.logs,
      serverAccessLogsPrefix: 'bucket/',
      removalPolicy: config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const files = origins.S3BucketOrigin.withOriginAccessControl(this.bucket);
    const file = (kind: 'page' | 'asset', name: string): cloudfront.BehaviorOptions => ({
      origin: files,
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD,
      cachePolicy: cloudfront.CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: siteHeaders(this, name, kind),
      compress: true,
    });
    const api: cloudfront.BehaviorOptions = {
      origin: this.apiOrigin(props),
      // A POST over HTTP must not be taken and must not be answered with a redirect that makes it a GET.
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
      cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
      originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER,
      responseHeadersPolicy: apiHeaders(this, 'ApiHeaders'),
      // A stream of events that is compressed is a stream that is held back.
      compress: false,
    };
    this.distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: `Orderflow ${config.stage}`,
      defaultRootObject: 'index.html',
      defaultBehavior: file('page', 'PageHeaders'),
      additionalBehaviors: {
        ...Object.fromEntries(toTheApi.map((path) => [path, api])),
        '/assets/*': file('asset', 'AssetHeaders'),
      },
      // No errorResponses: they are for the whole distribution, and would make HTML of the API's errors.
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      priceClass: config.stage === 'demo' ? cloudfront.PriceClass.PRICE_CLASS_100 : cloudfront.PriceClass.PRICE_CLASS_ALL,
      webAclId: props.webAclArn,
      enableLogging: true,
      logBucket: props.logs,
      logFilePrefix: 'cloudfront/',
      ...(config.domain && {
        minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
        domainNames: [config.domain.name],
        certificate: acm.Certificate.fromCertificateArn(this, 'Certificate', config.domain.siteCertificateArn),
      }),
    });
    accept(this.distribution, {
      'AwsSolutions-CFR1': 'The shop sells to every country that its table of shipping prices names.',
      ...(config.domain
        ? {}
        : {
            'AwsSolutions-CFR4': 'demo without a name of its own: the certificate is CloudFront\'s, and so is its policy.',
            'AwsSolutions-CFR5':
              'demo without a name of its own: no certificate for the internal load balancer, so HTTP inside of the VPC.',
          }),
    });
  }

  private apiOrigin({ config, balancerArn, balancerName }: SiteProps): cloudfront.IOrigin {
    const protocolPolicy = config.domain
      ? cloudfront.OriginProtocolPolicy.HTTPS_ONLY
      : cloudfront.OriginProtocolPolicy.HTTP_ONLY;
    const common = {
      readTimeout: timeouts.origin,
      keepaliveTimeout: timeouts.originKeepAlive,
      protocolPolicy,
      originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
    };
    if (balancerArn === undefined) return new origins.HttpOrigin(balancerName, common);
    const balancer = elb.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(this, 'Balancer', {
      loadBalancerArn: balancerArn,
      loadBalancerDnsName: balancerName,
      securityGroupId: 'unused',
    });
    return origins.VpcOrigin.withApplicationLoadBalancer(balancer, {
      ...common,
      vpcOriginName: `orderflow-${config.stage}`,
    });
  }
}
