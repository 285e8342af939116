import type { Followed } from '@cortex/e2e/system/cluster';
import { type Pod, type PodDisruptionBudget, PodDisruptionBudgets } from '@cortex/operator/kube/core';
import { pause } from '@cortex/operator/kube/pause';
import { inFlight } from '../harness/in-flight.ts';
import type { Rig } from '../harness/rig.ts';
import { Tally } from '../harness/tally.ts';

const HELD_MS = 30_000;
const LONGEST_MS = 120_000;
/** All at once would measure how many evictions the API server takes; owners free their pods one after another. */
export const FREED_PER_SECOND = 10;

/** Pods that a budget each holds back. */
export class HeldPods {
  readonly #rig: Rig;
  readonly #names: readonly string[];
  readonly #freed: Tally<PodDisruptionBudget>;
  readonly #leaving: Tally<Pod>;

  private constructor(rig: Rig, names: readonly string[], budgets: Followed<PodDisruptionBudget>, pods: Followed<Pod>) {
    this.#rig = rig;
    this.#names = names;
    this.#freed = new Tally('budgets allow a disruption', budgets, (it) => (it?.status?.disruptionsAllowed ?? 0) > 0);
    this.#leaving = new Tally('held pods leave', pods, (pod) => pod !== undefined && isLeaving(pod));
  }

  get count(): number {
    return this.#names.length;
  }

  /** A budget over each pod with the label `held`, once the disruption controller knows them all. */
  static async hold(rig: Rig, pods: Followed<Pod>): Promise<HeldPods> {
    const names = pods.store.list().flatMap(({ metadata }) => metadata.labels?.['held'] ?? []);
    const budgets = await rig.cluster.follow<PodDisruptionBudget>(PodDisruptionBudgets);
    const known = new Tally('budgets count their pod', budgets, (it) => it?.status?.currentHealthy === 1);
    await Promise.all([
      inFlight(names.length, 16, (i) => rig.cluster.client.create(PodDisruptionBudgets, budgetOf(names[i] ?? ''))),
      known.reaches(names.length, LONGEST_MS),
    ]);
    return new HeldPods(rig, names, budgets, pods);
  }

  /** Frees one after another from half a minute on, and answers how long each took from being free to leaving, in milliseconds. */
  async freeLater(): Promise<number[]> {
    await pause(HELD_MS);
    const freeing = this.#names.map(async (name, i) => {
      await pause((i * 1000) / FREED_PER_SECOND);
      await this.#rig.cluster.client.patch(PodDisruptionBudgets, `default/${name}`, { spec: { minAvailable: 0 } });
    });
    await Promise.all(freeing);
    await this.#freed.reaches(this.#names.length, LONGEST_MS);
    await this.#leaving.reaches(this.#names.length, LONGEST_MS);
    return this.#names.map((name) => {
      const at = (of: Tally<PodDisruptionBudget> | Tally<Pod>) => of.since.get(`default/${name}`) ?? Number.NaN;
      return at(this.#leaving) - at(this.#freed);
    });
  }
}

const isLeaving = ({ metadata }: Pod): boolean =>
  metadata.labels?.['held'] !== undefined && metadata.deletionTimestamp !== undefined;

const budgetOf = (name: string): PodDisruptionBudget =>
  ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: 'default' },
    spec: { minAvailable: 1, selector: { matchLabels: { held: name } } },
  }) as unknown as PodDisruptionBudget;
