/** `npm run bench:cost`: prints the three tables that docs/performance.md shows. */
import { costTable, togetherTable } from './cost-table';
import { planTable } from './plan-table';

console.log([costTable(), togetherTable(), planTable()].join('\n\n'));
