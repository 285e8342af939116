import type { ErrorClass } from '../errors.ts';
import type { Faults } from '../faults.ts';
import type { Owner, VmProvider, VmRequest } from '../provider.ts';

/** A machine as its world has it. */
export interface Machine extends Pick<Owner, 'clusterId' | 'workerUid'> {
  readonly id: string;
  /** All of it: equal texts mean that nobody touched it. */
  readonly text: string;
}

/** The world behind a provider, without the provider. */
export interface World {
  machines(): Promise<readonly Machine[]>;
  /** Somebody's machine, under this id or one of its own. */
  plant(owner: Owner, id?: string): Promise<Machine>;
  switchOff(id: string): Promise<void>;
  destroy(id: string): Promise<void>;
}

/** A provider in a world that the suite may shake. Everything is new for each case. */
export interface Harness {
  readonly provider: VmProvider;
  /** Another process, or the same one after a crash, on the same world; its clock may be wrong. */
  restarted(skewMs?: number): VmProvider;
  readonly world: World;
  readonly faults: Faults;
  /** What a call throws whose answer is lost. */
  readonly lost: Error;
  /** What calls throw, and the class in which the provider must say it. */
  readonly refusals: readonly (readonly [Error, ErrorClass])[];
  readonly clusterId: string;
  /** What a new worker asks for. */
  request(): VmRequest;
  now(): Date;
  /** Lets time go by. */
  pass(ms: number): void;
}

/** One promise of the port; `run` throws when it is broken. */
export interface Case<H extends Harness = Harness> {
  readonly title: string;
  readonly run: (harness: H) => Promise<void>;
}
