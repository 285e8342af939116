import { type Panel, ROWS } from './dashboard-rows.ts';

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const [WIDTH, HEIGHT, ACROSS] = [8, 7, 3];

/** The dashboard as Grafana imports it. */
export function dashboard(): object {
  const panels: object[] = [];
  let y = 0;
  for (const [title, row] of Object.entries(ROWS)) {
    panels.push({ id: panels.length + 1, type: 'row', title, collapsed: false, gridPos: { x: 0, y, w: 24, h: 1 } });
    y++;
    for (const [i, panel] of row.entries()) {
      const gridPos = { x: (i % ACROSS) * WIDTH, y: y + Math.floor(i / ACROSS) * HEIGHT, w: WIDTH, h: HEIGHT };
      panels.push({ id: panels.length + 1, gridPos, ...graph(panel) });
    }
    y += Math.ceil(row.length / ACROSS) * HEIGHT;
  }
  return {
    uid: 'cortex-resource-manager',
    title: 'Cortex Resource Manager',
    tags: ['cortex'],
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: { list: VARIABLES },
    panels,
  };
}

const VARIABLES = [
  { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
  {
    name: 'pool',
    label: 'WorkerPool',
    type: 'query',
    datasource: DATASOURCE,
    query: 'label_values(cortex_pool_workers, pool)',
    includeAll: true,
    multi: true,
    refresh: 2,
    current: { text: 'All', value: '$__all' },
  },
];

const graph = ({ title, unit, queries }: Panel): object => ({
  type: 'timeseries',
  title,
  datasource: DATASOURCE,
  fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
  options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  targets: Object.entries(queries).map(([legendFormat, expr], i) => ({
    refId: 'ABCDEFGH'[i],
    datasource: DATASOURCE,
    legendFormat,
    expr,
  })),
});
