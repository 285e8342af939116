import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type KwokConfigOptions, kwokConfig } from './kwok-config.ts';

const ports = {
  etcdPort: 1,
  etcdPeerPort: 2,
  kubeApiserverPort: 3,
  kubeControllerManagerPort: 4,
  kubeSchedulerPort: 5,
  kwokControllerPort: 6,
};

test('everything listens on the loopback interface, each on its port', () => {
  const [kwokctl] = documents({});

  expect(kwokctl).toMatchObject({ kind: 'KwokctlConfiguration', options: { bindAddress: '127.0.0.1', ...ports } });
});

test('etcd waits for the disk only when asked to', () => {
  expect(flags('etcd', { fsync: false })).toEqual(['unsafe-no-fsync=true']);
  expect(flags('etcd', { fsync: true })).toEqual([]);
});

test('an audit log stays one file', () => {
  expect(flags('kube-apiserver', { auditLog: '/x/audit.log' })).toEqual([
    'enable-bootstrap-token-auth=true',
    'audit-log-path=/x/audit.log',
    'audit-log-maxsize=100000',
  ]);
});

test('a silent kubelet has the time that kwokctl gives it unless told', () => {
  expect(flags('kube-controller-manager', {})).toEqual(['leader-elect=false']);
  expect(flags('kube-controller-manager', { nodeGraceSeconds: 16 })).toEqual([
    'leader-elect=false',
    'node-monitor-grace-period=16s',
    'node-monitor-period=1s',
  ]);
});

test('the controllers of Kubernetes go at their own pace unless told', () => {
  expect(flags('kube-controller-manager', { controllerQps: 300 })).toEqual([
    'leader-elect=false',
    'kube-api-qps=300',
    'kube-api-burst=600',
  ]);
});

test('KWOK keeps its own parallelism unless told', () => {
  expect(documents({})).toHaveLength(1);
  expect(documents({ parallelism: 64 })[1]).toMatchObject({
    kind: 'KwokConfiguration',
    options: { nodePlayStageParallelism: 64, podPlayStageParallelism: 64, nodeLeaseParallelism: 4 },
  });
});

interface Kwokctl {
  componentsPatches: { name: string; extraArgs: { key: string; value: string }[] }[];
}

function documents(options: Partial<KwokConfigOptions>): object[] {
  const yaml = kwokConfig({
    ports,
    fsync: false,
    auditLog: undefined,
    parallelism: undefined,
    nodeGraceSeconds: undefined,
    controllerQps: undefined,
    ...options,
  });
  return parseAllDocuments(yaml).map((document) => document.toJS() as object);
}

function flags(component: string, options: Partial<KwokConfigOptions>): string[] | undefined {
  const { componentsPatches } = documents(options)[0] as Kwokctl;
  return componentsPatches.find(({ name }) => name === component)?.extraArgs.map(({ key, value }) => `${key}=${value}`);
}
