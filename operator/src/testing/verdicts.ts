import type { Verdict } from '../admission/verdict.ts';
import { namesOf } from './world.ts';

/** A verdict of the admission loop as a sentence. */
export function sentence(verdict: Verdict): string {
  const { name } = verdict.candidate.metadata;
  switch (verdict.kind) {
    case 'Claim':
      return `${name} claims ${namesOf(verdict.workers).join(', ')}`;
    case 'Reserve':
      return `${name} reserves ${verdict.size.name} in ${verdict.pool.metadata.name}${from(verdict.predecessor)}, on ${namesOf(verdict.standing).join(', ') || 'none'}`;
    case 'Succeed':
      return `${name} succeeds${from(verdict.predecessor)}`;
    case 'AdmitWorker':
      return `${name} is admitted as ${verdict.size.name}`;
    case 'Unclaim':
      return `${name} gives back ${verdict.worker.metadata.name}`;
    case 'Retire':
      return `${verdict.worker.metadata.name} is retired for ${name}`;
    case 'Preempt':
      return `${name} preempts ${namesOf(verdict.victims).join(', ')}`;
    case 'Wait':
      return `${name} waits, ${verdict.reason}: ${verdict.message}`;
    case 'Fail':
      return `${name} fails, ${verdict.reason}: ${verdict.message}`;
  }
}

function from(predecessor: Extract<Verdict, { kind: 'Succeed' }>['predecessor']): string {
  switch (predecessor.state) {
    case 'None':
      return '';
    case 'Live':
      return ` after ${predecessor.allocation.metadata.name}`;
    case 'Gone':
      return ` (${predecessor.name} is gone)`;
  }
}
