// The one web ACL, on CloudFront: operators by address, bodies by size, AWS's common rules, requests by rate. What is
// refused here is answered as the API would answer it: problem+json with its codes.
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';

// The API takes 60 KiB and says so itself (413); this is the limit of what reaches it.
const bodyBytesMax = 64 * 1024;

// Of AWSManagedRulesCommonRuleSet. Each is named, as a group's own answer would be HTML.
const commonRules = [
  'NoUserAgent_HEADER',
  'UserAgent_BadBots_HEADER',
  'SizeRestrictions_QUERYSTRING',
  'SizeRestrictions_Cookie_HEADER',
  'SizeRestrictions_URIPATH',
  'EC2MetaDataSSRF_BODY',
  'EC2MetaDataSSRF_COOKIE',
  'EC2MetaDataSSRF_URIPATH',
  'EC2MetaDataSSRF_QUERYARGUMENTS',
  'GenericLFI_QUERYARGUMENTS',
  'GenericLFI_URIPATH',
  'GenericLFI_BODY',
  'RestrictedExtensions_URIPATH',
  'RestrictedExtensions_QUERYARGUMENTS',
  'GenericRFI_QUERYARGUMENTS',
  'GenericRFI_BODY',
  'GenericRFI_URIPATH',
  'CrossSiteScripting_COOKIE',
  'CrossSiteScripting_QUERYARGUMENTS',
  'CrossSiteScripting_BODY',
  'CrossSiteScripting_URIPATH',
];
// Blocks bodies over 8 KB; an order of a hundred lines is longer.
const countedRule = 'SizeRestrictions_BODY';

const problems = {
  forbidden: { status: 403, title: 'Forbidden' },
  'body-too-large': { status: 413, title: 'Body too large' },
  'rate-limited': { status: 429, title: 'Too many requests' },
} as const;

type Code = keyof typeof problems;

export class WebAcl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: { config: Config }) {
    super(scope, id);
    const { config } = props;
    const operators = new wafv2.CfnIPSet(this, 'Operators', {
      scope: 'CLOUDFRONT',
      ipAddressVersion: 'IPV4',
      addresses: config.operators.addresses.filter((address) => !address.includes(':')),
    });
    const operators6 = new wafv2.CfnIPSet(this, 'Operators6', {
      scope: 'CLOUDFRONT',
      ipAddressVersion: 'IPV6',
      addresses: config.operators.addresses.filter((address) => address.includes(':')),
    });
    const acl = new wafv2.CfnWebACL(this, 'Acl', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('orderflow'),
      customResponseBodies: Object.fromEntries(Object.entries(problems).map(([code, { status, title }]) => [
        code,
        {
          contentType: 'APPLICATION_JSON',
          content: JSON.stringify({ type: `urn:orderflow:problem:${code}`, title, status, code }),
        },
      ])),
      associationConfig: { requestBody: { CLOUDFRONT: { defaultSizeInspectionLimit: 'KB_64' } } },
      rules: [
        rule(0, 'operators', 'forbidden', and(operatorRequest, not(or(from(operators), from(operators6))))),
        rule(1, 'body-size', 'body-too-large', and(not(productFile), {
          sizeConstraintStatement: {
            // What is too large to be looked at is too large.
            fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
            comparisonOperator: 'GT',
            size: bodyBytesMax,
            textTransformations: [{ priority: 0, type: 'NONE' }],
          },
        })),
        rule(2, 'rate', 'rate-limited', {
          rateBasedStatement: {
            aggregateKeyType: 'IP',
            evaluationWindowSec: 300,
            limit: config.protection.requestsPerAddressIn5Minutes,
          },
        }),
        {
          name: 'common',
          priority: 3,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name: 'AWSManagedRulesCommonRuleSet',
              ruleActionOverrides: [
                { name: countedRule, actionToUse: { count: {} } },
                ...commonRules.map((name) => ({ name, actionToUse: block('forbidden') })),
              ],
            },
          },
          visibilityConfig: visibility('common'),
        },
      ],
    });
    this.arn = acl.attrArn;
  }
}

type Statement = wafv2.CfnWebACL.StatementProperty;

const and = (...statements: Statement[]): Statement => ({ andStatement: { statements } });
const or = (...statements: Statement[]): Statement => ({ orStatement: { statements } });
const not = (statement: Statement): Statement => ({ notStatement: { statement } });
const from = (set: wafv2.CfnIPSet): Statement => ({ ipSetReferenceStatement: { arn: set.attrArn } });

function bytes(fieldToMatch: wafv2.CfnWebACL.FieldToMatchProperty, how: string, text: string): Statement {
  return {
    byteMatchStatement: {
      fieldToMatch,
      positionalConstraint: how,
      searchString: text,
      textTransformations: [
        { priority: 0, type: 'URL_DECODE' },
        { priority: 1, type: 'NORMALIZE_PATH' },
        { priority: 2, type: 'LOWERCASE' },
      ],
    },
  };
}

// What the operator API serves: everything under /v1/admin, its console, and the list of orders.
const operatorRequest = or(
  bytes({ uriPath: {} }, 'STARTS_WITH', '/v1/admin'),
  bytes({ uriPath: {} }, 'EXACTLY', '/ops'),
  and(bytes({ uriPath: {} }, 'EXACTLY', '/v1/orders'), bytes({ method: {} }, 'EXACTLY', 'get')),
);

// A file of products may have 1 MiB, which the API sees to; only operators' addresses get so far.
const productFile = bytes({ uriPath: {} }, 'EXACTLY', '/v1/admin/products/import');

function block(code: Code): wafv2.CfnWebACL.RuleActionProperty {
  return { block: { customResponse: { responseCode: problems[code].status, customResponseBodyKey: code } } };
}

function rule(priority: number, name: string, code: Code, statement: Statement): wafv2.CfnWebACL.RuleProperty {
  return { name, priority, action: block(code), statement, visibilityConfig: visibility(name) };
}

function visibility(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
