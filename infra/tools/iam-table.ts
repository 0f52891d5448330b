// docs/iam.md: what each role may do, made of the templates (npm run docs). A test compares.
import type { Template } from 'aws-cdk-lib/assertions';
import { statements, list, text } from '../test/support.ts';

const parts = ['registry', 'data', 'worker', 'api', 'pipeline'];

export function iamTable({ templates }: { templates: Readonly<Record<string, Template>> }): string {
  const lines = [
    '# IAM: what each role may do',
    '',
    'Made of the templates of `production` by `npm run docs` in `infra/`; a test compares. `<...>` is a part of the same',
    'stack, or of the stack in the text of an import. Roles of AWS\'s own services (flow logs, autoscaling) and of CDK\'s',
    'bootstrap are not ours.',
  ];
  for (const part of parts.filter((name) => templates[name])) {
    lines.push('', `## Stack \`${part}\``, '', '| role | may | on | if |', '|---|---|---|---|');
    for (const [role, all] of [...statements(templates[part]!)].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (all.length === 0) lines.push(`| \`${name(role)}\` | nothing | | |`);
      all.forEach(({ Action, Resource, Condition }, i) => {
        const on = list(Resource).filter((each) => each !== undefined).map((each) => `\`${short(text(each))}\``);
        const condition = Condition ? `\`${JSON.stringify(Condition)}\`` : '';
        lines.push(`| ${i === 0 ? `\`${name(role)}\`` : ''} | ${list(Action).join(', ')} | ${on.join(', ')} | ${condition} |`);
      });
    }
  }
  return `${lines.join('\n')}\n`;
}

// Without the hash of CDK.
const name = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

const short = (arn: string): string =>
  arn
    .replaceAll('<AWS::Partition>', 'aws')
    .replaceAll('<AWS::AccountId>', 'ACCOUNT')
    .replace(/<([^<>]*?)[0-9A-F]{8}(\.Arn)?>/g, '<$1>')
    .replace(/<orderflow-production-data:ExportsOutput(?:FnGetAtt|Ref)([A-Za-z]+?)[0-9A-F]{8}\w*>/g, '<data: $1>')
    .replace(/<orderflow-production-registry:ExportsOutput(?:FnGetAtt|Ref)([A-Za-z]+?)[0-9A-F]{8}\w*>/g, '<registry: $1>');
