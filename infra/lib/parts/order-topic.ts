// The topic that events of orders are published to. Who subscribes is the owner's matter: no subscription is made here.
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';

export class OrderTopic extends Construct {
  readonly topic: sns.Topic;
  // By its name, not by reference: an import would keep it from being switched off, or to the other kind.
  readonly arn: string;

  constructor(scope: Construct, id: string, props: { config: Config; kind: 'standard' | 'fifo' }) {
    super(scope, id);
    const { config, kind } = props;
    const fifo = kind === 'fifo';
    const topicName = `orderflow-${config.stage}-order-events${fifo ? '.fifo' : ''}`;
    this.arn = Stack.of(this).formatArn({ service: 'sns', resource: topicName });
    this.topic = new sns.Topic(this, 'Topic', {
      topicName,
      enforceSSL: true,
      // AWS's own key: whoever of this account may publish may use it through SNS, so that no role needs rights of KMS.
      masterKey: kms.Alias.fromAliasName(this, 'Key', 'alias/aws/sns'),
      // An order is a group. Its limit is that of a group then, and not of the whole topic.
      ...(fifo && { fifo, fifoThroughputScope: sns.FifoThroughputScope.MESSAGE_GROUP }),
    });
    this.topic.applyRemovalPolicy(config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
  }

  // What the programs call it.
  get environment(): Record<string, string> {
    return { ORDERFLOW_EVENTS_TOPIC_ARN: this.arn };
  }

  // For whoever runs the dispatcher. It can do nothing else to it: not ask, not subscribe.
  grantPublishing(role: iam.IGrantable): void {
    iam.Grant.addToPrincipal({ grantee: role, actions: ['sns:Publish'], resourceArns: [this.arn] });
  }
}
