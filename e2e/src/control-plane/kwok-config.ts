import { stringify } from 'yaml';
import type { Ports } from './ports.ts';

export interface KwokConfigOptions {
  readonly ports: Ports;
  readonly fsync: boolean;
  /** Where the API server writes its audit log; undefined for none. */
  readonly auditLog: string | undefined;
  /** Nodes and pods that KWOK advances at once; its own default, 4, bounds pods/s at 4 / API latency. */
  readonly parallelism: number | undefined;
  /** After how long a silent kubelet makes its Node NotReady; undefined for kwokctl's own. */
  readonly nodeGraceSeconds: number | undefined;
  /** Calls a second of the controllers of Kubernetes; undefined for their own default, 20, by which four Deployments a second get their pods. */
  readonly controllerQps: number | undefined;
}

/** KWOK's own default. A configuration that gives options but not this one is read as 0, and KWOK ends at once: 0.8.0. */
const LEASES_AT_ONCE = 4;

/** The configuration of kwokctl and kwok, as YAML documents. Everything listens on the loopback interface only. */
export function kwokConfig(options: KwokConfigOptions): string {
  const { ports, parallelism } = options;
  const kwokctl = { options: { bindAddress: '127.0.0.1', ...ports }, componentsPatches: componentsPatches(options) };
  const kwok = {
    options: {
      nodePlayStageParallelism: parallelism,
      podPlayStageParallelism: parallelism,
      nodeLeaseParallelism: LEASES_AT_ONCE,
    },
  };
  const documents = [document('KwokctlConfiguration', kwokctl)];
  if (parallelism !== undefined) documents.push(document('KwokConfiguration', kwok));
  return documents.join('---\n');
}

/**
 * Flags beside those that kwokctl gives. (Its --extra-args panics when a component occurs twice after another: 0.8.0.)
 *
 * kwokctl lets KWOK play the kubelet of every Node; then a Node whose machine never answers could not be shown.
 * There is one of each controller, and elections would cost two seconds and a write per second.
 */
function componentsPatches({ fsync, auditLog, nodeGraceSeconds, controllerQps: qps }: KwokConfigOptions): object[] {
  const etcd = fsync ? {} : { 'unsafe-no-fsync': 'true' };
  // The size is in MB: one file, however long the run.
  const audit = auditLog === undefined ? {} : { 'audit-log-path': auditLog, 'audit-log-maxsize': '100000' };
  // kwokctl's own are 200 s and a look every 25 s.
  const grace =
    nodeGraceSeconds === undefined
      ? {}
      : { 'node-monitor-grace-period': `${nodeGraceSeconds}s`, 'node-monitor-period': '1s' };
  const pace = qps === undefined ? {} : { 'kube-api-qps': `${qps}`, 'kube-api-burst': `${2 * qps}` };
  return [
    patch('etcd', etcd),
    patch('kube-apiserver', { 'enable-bootstrap-token-auth': 'true', ...audit }),
    patch('kube-controller-manager', { 'leader-elect': 'false', ...grace, ...pace }),
    patch('kube-scheduler', { 'leader-elect': 'false' }),
    patch('kwok-controller', {
      'manage-all-nodes': 'false',
      'manage-nodes-with-annotation-selector': 'kwok.x-k8s.io/node=fake',
    }),
  ];
}

function patch(name: string, flags: Record<string, string>): object {
  return { name, extraArgs: Object.entries(flags).map(([key, value]) => ({ key, value })) };
}

function document(kind: string, content: object): string {
  return stringify({ apiVersion: 'config.kwok.x-k8s.io/v1alpha1', kind, ...content });
}
