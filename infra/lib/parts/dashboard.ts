// The dashboard: row by row what ops/grafana-dashboard.json shows of the same programs, as far as it exists on AWS.
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Alarms, AlarmsProps } from './alarms.ts';
import { programMetric } from './program-metrics.ts';

const settled = ['confirmed', 'completed', 'rejected', 'cancelled'];

export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps & { alarms: Alarms }) {
    super(scope, id);
    const { queues, balancer, database, config } = props;
    const minute = Duration.minutes(1);
    const all = [queues.orders, queues.commands, queues.deadLetters];
    const graph = (title: string, left: cloudwatch.IMetric[]) =>
      new cloudwatch.GraphWidget({ title, left, width: 8, height: 6 });
    const accepted = programMetric('api-service', 'orderflow_orders_accepted_total', { label: 'accepted' });
    const settledAs = settled.map((status) =>
      programMetric('worker-service', 'orderflow_orders_settled_total', { labels: { status }, label: status }),
    );
    const worker = (name: string, statistic: string, label = statistic) =>
      programMetric('worker-service', name, { statistic, label });
    const percentiles = (name: string) => [worker(name, 'p50'), worker(name, 'p99')];
    const time = (statistic: string) => balancer.metrics.targetResponseTime({ statistic, label: statistic });
    new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: `orderflow-${config.stage}`,
      defaultInterval: Duration.hours(3),
      widgets: [
        [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: props.alarms.all, width: 24 })],
        [
          graph('Orders per minute', [accepted, ...settledAs]),
          graph('Answers by class', [2, 4, 5].map((digit) =>
            balancer.metrics.custom(`HTTPCode_Target_${digit}XX_Count`, { statistic: 'Sum', label: `${digit}xx` }),
          )),
          graph('Time of an answer', [time('p50'), time('p99')]),
        ],
        [
          graph('Accepted to settled', percentiles('orderflow_order_time_to_settled_seconds')),
          graph('Transactions of the order store', percentiles('orderflow_store_group_seconds')),
          graph('Store, payments', ['orderflow_worker_store_down', 'orderflow_worker_payment_circuit_open'].map((name) =>
            worker(name, 'Maximum', name),
          )),
        ],
        [
          graph('Messages that wait', all.map((queue) => queue.metricApproximateNumberOfMessagesVisible({ period: minute }))),
          graph('Age of the oldest message', all.map((queue) => queue.metricApproximateAgeOfOldestMessage({ period: minute }))),
          graph('Database', ['CPUUtilization', 'DatabaseConnections'].map((metricName) =>
            new cloudwatch.Metric({ ...database.metrics, metricName, period: minute }),
          )),
        ],
      ],
    });
  }
}
