/** What the modules in hack/control-plane pin; a change there is a change here. */
export const KUBERNETES = 'v1.36.3';
export const ETCD = '3.6.16';
export const KWOK = 'v0.8.0';

export const PROGRAMS = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kwok',
  'kwokctl',
] as const;

type Program = (typeof PROGRAMS)[number];

/** The path of each program. */
export type Binaries = Readonly<Record<Program, string>>;
