import { dashboard } from './dashboard.ts';
import { metricsPage } from './metrics-page.ts';
import { valuesFiles } from './values-files.ts';

/** Every generated file of the delivery: its path in the project, and its text. */
export const generated = async (): Promise<Map<string, string>> =>
  new Map([
    ...valuesFiles(),
    ['charts/cortex-resource-manager/monitoring/dashboard.json', `${JSON.stringify(dashboard(), null, 2)}\n`],
    ['docs/metrics.md', await metricsPage()],
  ]);
