// The repositories that the images are pushed to. A tag never moves, and every image is scanned when it comes.
import { RemovalPolicy } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';

export const programs = ['api-service', 'worker-service', 'orderflow'] as const;
export type Program = (typeof programs)[number];

const imagesKept = 30;

export class ImageRepositories extends Construct {
  readonly of: Readonly<Record<Program, ecr.Repository>>;

  constructor(scope: Construct, id: string, { config }: { config: Config }) {
    super(scope, id);
    const made = programs.map((program) => [
      program,
      new ecr.Repository(this, program, {
        repositoryName: `orderflow-${config.stage}/${program}`,
        imageTagMutability: ecr.TagMutability.IMMUTABLE,
        imageScanOnPush: true,
        lifecycleRules: [{ maxImageCount: imagesKept }],
        removalPolicy: config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        emptyOnDelete: !config.keepData,
      }),
    ]);
    this.of = Object.fromEntries(made) as Record<Program, ecr.Repository>;
  }
}
