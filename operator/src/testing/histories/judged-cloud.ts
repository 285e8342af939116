import { MemoryCloud, type MemoryMachine } from '../../providers/memory/cloud.ts';

/** A hypervisor that tells, before it ends a machine, which one it is. */
export class JudgedCloud extends MemoryCloud {
  /** Hears of every machine that is to be ended. */
  judge: (machine: MemoryMachine | undefined) => void = () => undefined;

  override async shutDown(id: string, graceMs: number): ReturnType<MemoryCloud['shutDown']> {
    this.judge(this.machines.get(id));
    return await super.shutDown(id, graceMs);
  }

  override async switchOff(id: string): Promise<void> {
    this.judge(this.machines.get(id));
    await super.switchOff(id);
  }

  override async destroy(id: string): Promise<void> {
    this.judge(this.machines.get(id));
    await super.destroy(id);
  }
}
