// Writes docs/iam.md.
import { writeFileSync } from 'node:fs';
import { iamTable } from './iam-table.ts';
import { production, repository } from '../test/support.ts';

writeFileSync(new URL('docs/iam.md', repository), iamTable(production));
