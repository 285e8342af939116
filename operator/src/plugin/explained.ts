import { explain as explained, sentence } from '../explain/explain.ts';
import type { Subject } from '../explain/world.ts';
import type { Snapshot } from './cluster.ts';
import type { Page, Section } from './page.ts';
import { placeIn } from './queue.ts';

/** One object in one sentence; then everything that is in its way, when it is more than one thing. */
export function explain(subject: Subject, seen: Snapshot): Page {
  const explanation = explained(subject, { ...seen, placeOf: (allocation) => placeIn(seen, allocation) });
  const { blockers } = explanation;
  const all: Section[] =
    blockers.length < 2
      ? []
      : [
          {
            title: 'In its way',
            head: ['KIND', 'NAME', 'SINCE', 'WHY'],
            rows: blockers.map(({ kind, name, since, why }) => [kind, name, since ?? '-', why]),
          },
        ];
  return { data: explanation, sections: [{ lines: [sentence(explanation, seen.now)] }, ...all] };
}
