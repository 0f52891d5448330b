// The three queues: orders, commands (cancel and operators'; polled first) and the dead letters of both.
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { accept } from '../findings.ts';

// A guard against messages that kill the worker; business attempts are counted in the order store.
const receivesMax = 20;
// The worker asks for a lease of a minute with every receive. Lambda cannot: AWS wants six times the function's time-out.
export const lambdaTimeout = Duration.seconds(30);
const leaseOfService = Duration.seconds(60);
const leaseOfLambda = Duration.seconds(6 * lambdaTimeout.toSeconds());

export class OrderQueues extends Construct {
  readonly orders: sqs.Queue;
  readonly commands: sqs.Queue;
  readonly deadLetters: sqs.Queue;

  constructor(scope: Construct, id: string, props: { config: Config }) {
    super(scope, id);
    const { config } = props;
    const removalPolicy = config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const name = (end: string) => `orderflow-${config.stage}-${end}`;
    const common = { encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true, removalPolicy };
    // By name: each of them names this queue, and a reference back would be a circle.
    const sources = ['orders', 'orders-commands'].map((source) =>
      sqs.Queue.fromQueueArn(this, source, Stack.of(this).formatArn({ service: 'sqs', resource: name(source) })),
    );
    this.deadLetters = new sqs.Queue(this, 'DeadLetters', {
      ...common,
      queueName: name('orders-dlq'),
      // A dead letter keeps the age that it had: what took 7 days to fail has 7 more.
      retentionPeriod: Duration.days(14),
      redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.BY_QUEUE, sourceQueues: sources },
    });
    const working = {
      ...common,
      retentionPeriod: Duration.days(7),
      visibilityTimeout: config.worker.kind === 'lambda' ? leaseOfLambda : leaseOfService,
      receiveMessageWaitTime: Duration.seconds(20),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: receivesMax },
    };
    this.orders = new sqs.Queue(this, 'Orders', { ...working, queueName: name('orders') });
    this.commands = new sqs.Queue(this, 'Commands', { ...working, queueName: name('orders-commands') });
    accept(this.deadLetters, { 'AwsSolutions-SQS3': 'It is the dead-letter queue.' });
  }

  // What the programs call them.
  get environment(): Record<string, string> {
    return {
      ORDERFLOW_QUEUE_URL: this.orders.queueUrl,
      ORDERFLOW_COMMANDS_QUEUE_URL: this.commands.queueUrl,
      ORDERFLOW_DEAD_LETTERS_QUEUE_URL: this.deadLetters.queueUrl,
    };
  }

  // For api-service: it hands over, and asks how deep the queues are.
  grantHandingOver(role: iam.IGrantable): void {
    grant(role, [this.orders, this.commands], ['sqs:SendMessage', 'sqs:GetQueueAttributes']);
  }

  // For worker-service: it takes from all three, and sends again what an operator redrives.
  grantWorking(role: iam.IGrantable): void {
    grant(role, [this.orders, this.commands], working);
    grant(role, [this.orders, this.commands], ['sqs:SendMessage']);
    grant(role, [this.deadLetters], ['sqs:GetQueueAttributes']);
  }

  // Beside grantWorking(), for the background alone.
  grantDeadLetters(role: iam.IGrantable): void {
    grant(role, [this.deadLetters], ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility']);
  }

  // For the Lambda worker: its event source receives and deletes with the function's role.
  grantOrdersAlone(role: iam.IGrantable): void {
    grant(role, [this.orders], working);
  }
}

const working = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'];

function grant(role: iam.IGrantable, queues: readonly sqs.Queue[], actions: string[]): void {
  iam.Grant.addToPrincipal({ grantee: role, actions, resourceArns: queues.map((queue) => queue.queueArn) });
}
