import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GREETER, SHOP } from './kind/manifests.ts';
import { kindSource } from './kind/source.ts';
import { KindStory } from './kind/story.ts';
import { allocation } from './system/story.ts';
import { nodeDrain } from './system/workloads.ts';

const source = await kindSource();
if ('lacks' in source)
  console.warn(`SKIPPED: stories in a real cluster, with real pods. This machine lacks ${source.lacks}.`);

describe.skipIf('lacks' in source)('in a kind cluster', () => {
  let story: KindStory;

  beforeAll(async () => {
    if ('lacks' in source) return;
    story = new KindStory(await source.start((line) => console.log(line)));
    await story.install();
  });
  afterAll(() => story.end());

  const leader = async (): Promise<string> =>
    await story.field('lease cortex-operator --namespace cortex-system', '{.spec.holderIdentity}');

  /** Waits until a field of an object has this value. */
  const becomes = async (object: string, jsonpath: string, value: string): Promise<void> =>
    await expect.poll(() => story.field(object, jsonpath), { timeout: 120_000, interval: 500 }).toBe(value);

  test('both processes run as the chart says: two replicas each, as nobody, on a root that cannot be written', async () => {
    const pods = await story.field(
      'pods --namespace cortex-system',
      '{range .items[*]}{.metadata.labels.app\\.kubernetes\\.io/component} {.status.phase} {.status.containerStatuses[0].restartCount}{"\\n"}{end}',
    );
    expect(pods.trim().split('\n').toSorted()).toEqual([
      'facade Running 0',
      'facade Running 0',
      'operator Running 0',
      'operator Running 0',
    ]);
    for (const process of ['operator', 'facade']) {
      const exec = ['exec', `deployment/cortex-${process}`, '--namespace', 'cortex-system', '--'];
      expect(await story.kubectl(...exec, 'id', '-u')).toBe('65532\n');
      await expect(story.kubectl(...exec, 'touch', '/app/x')).rejects.toThrow('Read-only file system');
    }
  });

  test('when the leader is killed the other replica leads, and goes on with the work', async () => {
    const killed = await leader();
    expect(killed).toMatch(/^cortex-operator-/);
    await story.kubectl('delete', 'pod', killed, '--namespace', 'cortex-system', '--grace-period=0', '--force');

    await expect.poll(leader, { timeout: 60_000, interval: 500 }).not.toBe(killed);
    await story.apply(allocation('plain', 'ttl: 1h'));
    await story.kubectl('wait', 'allocation/plain', '--for=condition=Ready', '--timeout=60s');
  });

  test('an Allocation wakes a real MCP server, which answers where the facade says, and its end lets it sleep again', async () => {
    await story.apply(GREETER);
    await becomes('mcpserver greeter', '{.status.phase}', 'Stopped');

    await story.apply(allocation('greeted', 'mcpServers: [greeter]\nttl: 1h'));
    await story.kubectl('wait', 'allocation/greeted', '--for=condition=Ready', '--timeout=90s');
    const { endpoints } = await story.callFacade('get_mcp_status', { name: 'greeter' });
    // The operator asked the pod itself; the Service answers once kube-proxy has heard of it.
    const greeted = () => story.callMcp(`${endpoints[0]}/mcp`, 'greet');
    await expect.poll(greeted, { timeout: 30_000, interval: 500 }).toEqual(HELLO);
    expect(await story.field('mcpserver greeter', '{.status.serverInfo.name}')).toBe('greeter');

    await story.kubectl('delete', 'allocation', 'greeted');
    await becomes('mcpserver greeter', '{.status.phase}', 'Stopped');
    await becomes('pods --selector app=greeter', '{.items}', '[]');
  });

  test('a NodeDrain moves real pods past a PodDisruptionBudget, once it allows it, and its deletion opens the Node', async () => {
    await story.apply(SHOP);
    await story.kubectl('rollout', 'status', 'deployment/shop', '--timeout=60s');
    const lead = await story.field(`pod ${await leader()} --namespace cortex-system`, '{.spec.nodeName}');
    const where = async () => (await story.field('pods --selector app=shop', '{.items[*].spec.nodeName}')).split(' ');
    const node = (await where()).find((name) => name !== lead) ?? '';

    await story.apply(nodeDrain('move', node, '  gracePeriod: 5s'));
    await becomes('nodedrain move', '{.status.conditions[?(@.type=="Drained")].reason}', 'PDBNeverAllows');
    await story.kubectl('scale', 'deployment', 'shop', '--replicas=3');
    await story.kubectl('wait', 'nodedrain/move', '--for=condition=Drained', '--timeout=120s');
    await story.kubectl('rollout', 'status', 'deployment/shop', '--timeout=60s');
    await expect.poll(where, { timeout: 30_000, interval: 500 }).not.toContain(node); // one that has ended may be listed yet

    await story.kubectl('delete', 'nodedrain', 'move', '--timeout=60s');
    expect(await story.field(`node ${node}`, '{.spec.unschedulable}')).toBe('');
    await story.kubectl('delete', 'deployment/shop', 'pdb/shop', '--wait=false');
    for (const process of ['operator', 'facade'])
      await story.kubectl(
        'rollout',
        'status',
        `deployment/cortex-${process}`,
        '--namespace=cortex-system',
        '--timeout=60s',
      );
  });

  test('an upgrade rolls both processes over while an Allocation lives', async () => {
    const before = await story.field('allocation plain', '{.metadata.uid} {.status.readyAt}');
    await story.upgrade('--set', 'operator.logLevel=debug,facade.logLevel=debug');

    await expect.poll(leader, { timeout: 60_000, interval: 500 }).toMatch(/^cortex-operator-/);
    expect(await story.field('allocation plain', '{.metadata.uid} {.status.readyAt}')).toBe(before);
  });

  test('helm refuses to uninstall what a cordon hangs on, and says so', async () => {
    const lead = await story.field(`pod ${await leader()} --namespace cortex-system`, '{.spec.nodeName}');
    const workers = ['nodes', '--selector', '!node-role.kubernetes.io/control-plane'].join(' ');
    const names = (await story.field(workers, '{.items[*].metadata.name}')).split(' ');
    await story.apply(nodeDrain('holds', names.find((name) => name !== lead) ?? '', '  gracePeriod: 5s'));
    await becomes('nodedrain holds', '{.metadata.finalizers[0]}', 'cortex.automation/cordon');

    await expect(story.helm('uninstall', 'cortex')).rejects.toThrow(
      'Not uninstalled: 1 NodeDrain (holds) would be left',
    );
    expect(await leader()).toMatch(/^cortex-operator-/);
    await story.kubectl('delete', 'nodedrain', 'holds', '--timeout=60s');
  });

  test('removed in the documented order, nothing hangs', async () => {
    await story.kubectl('delete', 'allocations', '--all', '--all-namespaces', '--timeout=60s');
    await story.kubectl('delete', 'nodedrains,burstworkers,workerpools', '--all', '--timeout=60s');
    await story.helm('uninstall', 'cortex', '--wait');
    await story.helm('uninstall', 'cortex-crds');
    await story.kubectl('delete', 'namespace', 'cortex-system', '--timeout=60s');
    const crds = await story.field('crds', '{.items[*].metadata.name}');
    await story.kubectl('delete', 'crds', ...crds.split(' '), '--timeout=60s');

    const cluster = 'clusterroles,clusterrolebindings,flowschemas,namespaces,crds';
    expect(await story.field(cluster, '{.items[*].metadata.name}')).not.toContain('cortex');
  });
});

const HELLO = { content: [{ type: 'text', text: 'hello' }] };
