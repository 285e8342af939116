/** What is wrong, in which spec, and what the answer says of it: the field, and the rule or the fix. */
type Wrong = readonly [what: string, spec: object, field: string, rule: string];

/** A valid spec of each kind. */
export const GOOD: Readonly<Record<string, object>> = {
  WorkerPool: { class: 'Burst', provider: { type: 'Kwok' }, limits: { workers: 20 } },
  Allocation: { workers: { count: 4, size: 'medium', pool: 'burst' }, mcpServers: ['filesystem', 'github'] },
  BurstWorker: { pool: 'burst' },
  NodeDrain: { nodeName: 'k3s-worker02' },
  McpServer: { workloadRef: { name: 'filesystem' } },
  McpServerScale: { serverRef: { name: 'filesystem' } },
};

const medium = { name: 'medium', cpu: '1', memory: '1Gi' };
const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `s${i}`);
const join = { userDataSecretRef: { name: 'join' } };
const MISMATCH = 'should match';

const PROXMOX = {
  url: 'https://pve.example.com:8006',
  tokenSecretRef: { name: 'pve' },
  pool: 'burst',
  hosts: [{ name: 'pve', template: 9000 }],
};

/** A pool of Proxmox with these settings changed. */
const proxmox = (changed: object | undefined) => ({
  provider: { type: 'Proxmox', ...(changed === undefined ? {} : { proxmox: { ...PROXMOX, ...changed } }) },
});

/** Per kind, what replaces part of a good spec. */
export const WRONG: Readonly<Record<string, readonly Wrong[]>> = {
  WorkerPool: [
    ['an unknown field', { ttl: { maximum: '4h' } }, 'spec.ttl.maximum', 'unknown field'],
    ['class Permanent with a provider', { class: 'Permanent' }, 'spec.provider', 'must be unset for class Permanent'],
    ['no provider', { provider: undefined }, 'spec.provider', 'provider is required unless class is Permanent'],
    [
      'a foreign block',
      { provider: { type: 'Qemu', kwok: {} } },
      'spec.provider.kwok',
      'goes with provider.type: Kwok',
    ],
    [
      'Proxmox without its settings',
      proxmox(undefined),
      'spec.provider.proxmox',
      'is required for provider.type: Proxmox',
    ],
    ['Proxmox without hosts', proxmox({ hosts: [] }), 'spec.provider.proxmox.hosts', 'name at least one node'],
    [
      'a host without a template',
      proxmox({ hosts: [{ name: 'pve' }] }),
      'spec.provider.proxmox.hosts',
      'needs a template',
    ],
    [
      'an image without a storage',
      proxmox({ hosts: [{ name: 'pve' }], image: 'local:import/a.qcow2' }),
      'spec.provider.proxmox.storage',
      'required with proxmox.image',
    ],
    [
      'ids upside down',
      proxmox({ vmids: { from: 300, to: 200 } }),
      'spec.provider.proxmox.vmids.from',
      'must not be above vmids.to',
    ],
    [
      'trust in two ways',
      proxmox({ tls: { insecureSkipVerify: true, caBundle: 'x' } }),
      'spec.provider.proxmox.tls.insecureSkipVerify',
      'trusts everybody',
    ],
    ['a Proxmox over http', proxmox({ url: 'http://pve:8006' }), 'spec.provider.proxmox.url', MISMATCH],
    ['an unknown provider', { provider: { type: 'Cloud' } }, 'spec.provider.type', 'Unsupported value'],
    ['Nodes of others', { nodeSelector: { a: 'b' } }, 'spec.nodeSelector', 'goes with class Permanent only'],
    ['an unknown default', { defaultSize: 'huge' }, 'spec.defaultSize', 'must be the name of one of sizes'],
    ['two sizes of one name', { sizes: [medium, medium] }, 'spec.sizes[1]', 'Duplicate value'],
    ['a cpu in words', { sizes: [{ ...medium, cpu: 'four' }] }, 'spec.sizes[0].cpu', MISMATCH],
    ['a ttl over its ceiling', { ttl: { default: '200h' } }, 'spec.ttl.default', 'must not be longer than ttl.max'],
    ['a ttl under a minute', { ttl: { default: '1s' } }, 'spec.ttl.default', 'must be at least 60s'],
    ['limits below 0', { limits: { workers: -1 } }, 'spec.limits.workers', 'greater than or equal to 0'],
    ['a key of no label', { template: { labels: { 'a b': '' } } }, 'spec.template.labels', 'a key that is not one of'],
    ['a value of no label', { template: { labels: { a: 'b c' } } }, 'spec.template.labels.a', MISMATCH],
    [
      'a selector without values',
      { namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'In' }] } },
      'spec.namespaceSelector.matchExpressions[0].values',
      'must be set for In and NotIn',
    ],
    ['a bootstrap of nothing', { bootstrap: join }, 'spec.bootstrap', 'goes with providers whose machines boot'],
    [
      'a static token without its Secret',
      { provider: { type: 'Qemu' }, bootstrap: { ...join, joinToken: { mode: 'Static' } } },
      'spec.bootstrap.joinToken.staticSecretRef',
      'is required for mode Static',
    ],
  ],
  Allocation: [
    ['an unknown field', { worker: 3 }, 'spec.worker', 'unknown field'],
    ['a ttl under a minute', { ttl: '59s' }, 'spec.ttl', 'ttl must be at least 60s'],
    ['a ttl over its ceiling', { ttl: '25h' }, 'spec.ttl', 'ttl must not be longer than maxLifetime'],
    ['a ceiling over a year', { maxLifetime: '8761h' }, 'spec.maxLifetime', 'must be at most 8760h'],
    ['a ttl in words', { ttl: '1 hour' }, 'spec.ttl', MISMATCH],
    ['a ttl that Go cannot count', { ttl: '9999999h' }, 'spec.ttl', MISMATCH],
    ['an empty server name', { mcpServers: [''] }, 'spec.mcpServers[0]', 'at least 1 char'],
    ['a long server name', { mcpServers: ['a'.repeat(64)] }, 'spec.mcpServers[0]', 'may not be more than 63'],
    ['a server name not of DNS', { mcpServers: ['File System'] }, 'spec.mcpServers[0]', MISMATCH],
    ['a server twice', { mcpServers: ['a', 'a'] }, 'spec.mcpServers[1]', 'Duplicate value'],
    ['too many servers', { mcpServers: many(21) }, 'spec.mcpServers', 'at most 20 items'],
    ['a job of no label', { jobId: 'job/1' }, 'spec.jobId', MISMATCH],
    ['fewer than no workers', { workers: { count: -1 } }, 'spec.workers.count', 'greater than or equal to 0'],
    ['too many workers', { workers: { count: 101 } }, 'spec.workers.count', 'less than or equal to 100'],
    ['an unknown priority', { priority: 'Urgent' }, 'spec.priority', 'Unsupported value'],
    ['itself to take over', { takesOver: 'given' }, 'spec.takesOver', 'must name another Allocation'],
    [
      'too many words',
      { metadata: Object.fromEntries(many(33).map((key) => [key, ''])) },
      'spec.metadata',
      'at most 32',
    ],
  ],
  BurstWorker: [
    ['no pool', { pool: undefined }, 'spec.pool', 'Required value'],
    ['a ttl under a minute', { ttl: '10s' }, 'spec.ttl', 'ttl must be at least 60s'],
    ['a ttl over a year', { ttl: '9000h' }, 'spec.ttl', 'ttl must be at most 8760h'],
  ],
  NodeDrain: [
    ['no Node', { nodeName: undefined }, 'spec.nodeName', 'Required value'],
    ['an empty Node name', { nodeName: '' }, 'spec.nodeName', 'at least 1 char'],
    ['a long Node name', { nodeName: 'a'.repeat(254) }, 'spec.nodeName', 'may not be more than 253'],
  ],
  McpServer: [
    ['too many replicas', { replicas: { max: 11 } }, 'spec.replicas.max', 'less than or equal to 10'],
    ['min above max', { replicas: { min: 3, max: 2 } }, 'spec.replicas.min', 'must not be above replicas.max'],
    ['a baseline out of bounds', { replicas: { baseline: 5, max: 2 } }, 'spec.replicas.baseline', 'must lie between'],
    ['a path of no URL', { probe: { path: 'mcp' } }, 'spec.probe.path', MISMATCH],
  ],
  McpServerScale: [
    ['replicas below 0', { replicas: -1 }, 'spec.replicas', 'greater than or equal to 0'],
    ['replicas above 10', { replicas: 11 }, 'spec.replicas', 'less than or equal to 10'],
    ['force with replicas', { replicas: 1, force: true }, 'spec.force', 'force goes with replicas: 0 only'],
    ['no server', { serverRef: {} }, 'spec.serverRef.name', 'Required value'],
  ],
};
