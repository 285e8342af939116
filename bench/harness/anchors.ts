import type { Measured } from './measured.ts';
import { median } from './statistics.ts';

/** What a figure is held against: a wish, never a condition of passing. */
export interface Anchor {
  readonly target?: {
    readonly text: string;
    readonly met: (measured: Pick<Measured, 'values' | 'percentOfB0'>) => boolean;
  };
  /** What others do, measured on two cores with fsync on. */
  readonly peers?: string;
}

type Figures = Pick<Measured, 'values' | 'percentOfB0'>;

const middle = ({ values }: Figures): number => median(values);
const share = ({ percentOfB0 = [] }: Figures): number => median(percentOfB0);
export const atMost = (most: number, unit: string) => ({
  text: `≤${most} ${unit}`,
  met: (figures: Figures) => middle(figures) <= most,
});
const SHARE = { text: '≥70 % of B0', met: (figures: Figures) => share(figures) >= 70 };

const KUEUE = 'Kueue 0.19: 41/s on its own baseline, 6.2 API calls each';
const AGENT_SANDBOX = 'agent-sandbox 0.5.6: 17/s sustained, 33 API calls each';
const SANDBOX = 'agent-sandbox 0.5.6';
const UNSUSTAINED = `${SANDBOX}: 17/s sustained, 45/s not`;

export const ANCHORS: Readonly<Record<string, Anchor>> = {
  'B0-create': { peers: 'client-go: 1131/s' },
  'B0-status': { peers: 'client-go: 977/s' },
  'B0-delete': { peers: 'client-go: 1340/s' },
  'B0-node-create': { peers: 'client-go: 967/s' },
  'B0-node-ready': { peers: 'KWOK: 238/s' },
  'B0-pod-create': { peers: 'client-go: 552/s' },
  'B0-pod-running': { peers: 'KWOK: 216/s' },
  'B0-evict': { peers: 'client-go: 271/s' },
  'B0-pod-gone': { peers: 'KWOK: 140/s' },
  'B0-node-delete': { peers: 'client-go: 856/s' },
  'B1a-i': {
    target: {
      text: '≥300/s, ≥70 % of B0',
      met: (figures) => middle(figures) >= 300 && share(figures) >= 70,
    },
    peers: KUEUE,
  },
  'B1a-i-all': { target: atMost(4, 's') },
  'B1a-ii': { target: SHARE, peers: AGENT_SANDBOX },
  'B1a-iii': { target: SHARE },
  'B1b-1-p50': { peers: `${SANDBOX}: 31 ms` },
  'B1b-1-p90': { peers: `${SANDBOX}: 45 ms` },
  'B1b-1-p99': { peers: `${SANDBOX}: 116 ms` },
  'B1b-10-p50': { peers: `${SANDBOX}: 491 ms` },
  'B1b-10-p90': { peers: `${SANDBOX}: 1411 ms` },
  'B1b-10-p99': { peers: `${SANDBOX}: 1886 ms` },
  'B1b-p50': { target: atMost(15, 'ms'), peers: UNSUSTAINED },
  'B1b-p90': { target: atMost(40, 'ms'), peers: UNSUSTAINED },
  'B1b-p99': { target: atMost(120, 'ms'), peers: UNSUSTAINED },
  'B1b-ratio': { target: atMost(4, '×') },
  'B1c-i': { target: atMost(150, 's') },
  'B1c-ii': { target: atMost(351, 's'), peers: 'Kueue 0.19: 366 s at its 50 requests/s' },
  'B2-drain': {
    target: {
      text: '≥40/s or ≥70 % of B0',
      met: (figures) => middle(figures) >= 40 || share(figures) >= 70,
    },
    peers: 'Karpenter 1.14: 7.6 Nodes/s; kubectl drain, ten at a time: 3.8',
  },
  'B2-drain-calls': { target: atMost(12, 'calls'), peers: 'Karpenter 1.14: 21; kubectl drain: 63' },
  'B2-held': { target: atMost(250, 'ms') },
  'B2-up': { target: atMost(4, 's'), peers: 'Karpenter 1.14: 13.1 s' },
  'B2-up-writes': { target: atMost(4, 'writes'), peers: 'Karpenter 1.14: 21 calls' },
  'B3-idle-p50': { target: atMost(5, 'ms') },
  'B3-idle-p99': { target: atMost(30, 'ms') },
  'B3-loaded-p99': { target: atMost(250, 'ms') },
  'B4-start': { target: atMost(1, 's') },
  'B4-idle': { target: atMost(110, 'MB'), peers: 'Karpenter 74 MiB, agent-sandbox 65 MiB' },
  'B4-growth': { target: atMost(6, 'MB') },
  S1: { target: SHARE },
  'B6-serving': { target: atMost(5, 's') },
  'B6-p99': { target: atMost(1_000, 'ms') },
};
