// The programs' own metrics, which CloudWatch makes of their lines (embedded metric format). Each has the dimension
// `service`, and its labels. Counters are told as what came since the last line: sum them.
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

export function programMetric(
  service: 'api-service' | 'worker-service',
  metricName: string,
  options: { labels?: Record<string, string>; statistic?: string; period?: Duration; label?: string } = {},
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'Orderflow',
    metricName,
    dimensionsMap: { service, ...options.labels },
    statistic: options.statistic ?? 'Sum',
    period: options.period ?? Duration.minutes(1),
    label: options.label,
  });
}
