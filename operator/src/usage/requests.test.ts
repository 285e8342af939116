import { expect, test } from 'vitest';
import type { Pod } from '../kube/core.ts';
import { aPod } from '../testing/pods.ts';
import { asWords, requestsOf } from './requests.ts';

const asks = (cpu: string, memory: string) => ({ name: 'x', resources: { requests: { cpu, memory } } });
const said = (spec: Partial<Pod['spec']>) => asWords(requestsOf(aPod({ spec })));

test.for<[string, Partial<Pod['spec']>, { cpu: string; memory: string }]>([
  [
    'its containers together',
    { containers: [asks('250m', '128Mi'), asks('1', '1Gi')] },
    { cpu: '1250m', memory: '1152Mi' },
  ],
  ['nothing where none is said', { containers: [{ name: 'x' }] }, { cpu: '0', memory: '0' }],
  [
    'an init container that asks for more than all others',
    { containers: [asks('1', '1Gi')], initContainers: [asks('2', '512Mi')] },
    { cpu: '2', memory: '1Gi' },
  ],
  [
    'sidecars beside its containers',
    { containers: [asks('1', '1Gi')], initContainers: [{ ...asks('500m', '1Gi'), restartPolicy: 'Always' }] },
    { cpu: '1500m', memory: '2Gi' },
  ],
  [
    'sidecars beside the init containers that follow them',
    {
      containers: [asks('1', '1Gi')],
      initContainers: [{ ...asks('500m', '1Gi'), restartPolicy: 'Always' }, asks('2', '1Gi')],
    },
    { cpu: '2500m', memory: '2Gi' },
  ],
  [
    'what it says as a whole, and its overhead',
    { containers: [asks('1', '1Gi')], resources: { requests: { cpu: '4' } }, overhead: { cpu: '250m', memory: '1Gi' } },
    { cpu: '4250m', memory: '2Gi' },
  ],
])('a pod counts for %s', ([, spec, expected]) => {
  expect(said(spec)).toEqual(expected);
});
