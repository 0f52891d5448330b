// The security headers of frontend/headers.json as policies of CloudFront: the same file that the local server reads.
// Cache-Control alone is not among them: it comes with each file from the bucket (./dev aws site), as a policy would give
// the life of an asset to an answer that says that there is none.
import { Duration } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import headers from '../../../frontend/headers.json' with { type: 'json' };

type Headers = Record<string, string>;

// Of what CloudFront serves from the bucket; `tls` comes on top, as everything here is HTTPS.
export function headersOf(kind: 'page' | 'asset'): Headers {
  const { 'Cache-Control': _, ...others } = headers[kind] as Headers;
  return { ...others, ...headers.tls };
}

export function siteHeaders(scope: Construct, id: string, kind: 'page' | 'asset'): cloudfront.ResponseHeadersPolicy {
  return policy(scope, id, headersOf(kind));
}

// api-service sends its own; only what belongs to TLS is CloudFront's to say.
export function apiHeaders(scope: Construct, id: string): cloudfront.ResponseHeadersPolicy {
  return policy(scope, id, headers.tls);
}

// CloudFront takes these four as settings of their own, and all others as pairs of name and value.
function policy(scope: Construct, id: string, all: Headers): cloudfront.ResponseHeadersPolicy {
  const {
    'Content-Security-Policy': contentSecurityPolicy,
    'Strict-Transport-Security': transport,
    'Referrer-Policy': referrer,
    'X-Content-Type-Options': contentType,
    ...others
  } = all;
  if (contentType !== undefined && contentType !== 'nosniff') throw new Error(`X-Content-Type-Options: ${contentType}`);
  return new cloudfront.ResponseHeadersPolicy(scope, id, {
    securityHeadersBehavior: {
      ...(contentSecurityPolicy && { contentSecurityPolicy: { contentSecurityPolicy, override: true } }),
      ...(contentType && { contentTypeOptions: { override: true } }),
      ...(referrer && {
        referrerPolicy: { referrerPolicy: referrer as cloudfront.HeadersReferrerPolicy, override: true },
      }),
      ...(transport && { strictTransportSecurity: strictTransportSecurity(transport) }),
    },
    ...(Object.keys(others).length > 0 && {
      customHeadersBehavior: {
        customHeaders: Object.entries(others).map(([header, value]) => ({ header, value, override: true })),
      },
    }),
  });
}

function strictTransportSecurity(text: string): cloudfront.ResponseHeadersStrictTransportSecurity {
  const [age, ...options] = text.split(';').map((part) => part.trim());
  const unknown = options.filter((option) => !['includeSubDomains', 'preload'].includes(option));
  if (!age?.startsWith('max-age=') || unknown.length > 0) throw new Error(`Strict-Transport-Security: ${text}`);
  return {
    accessControlMaxAge: Duration.seconds(Number(age.slice('max-age='.length))),
    includeSubdomains: options.includes('includeSubDomains'),
    preload: options.includes('preload'),
    override: true,
  };
}
