import { describe, expect, test } from 'vitest';
import { aPod } from '../testing/pods.ts';
import { accepted, adopted, look, server, wish, workload } from '../testing/servers.ts';
import { at, deleting } from '../testing/world.ts';
import { foundForeign, remembered, wrote } from './conflict.ts';
import { type Action, decide } from './decide.ts';
import type { Seen, SeenServer } from './seen.ts';

const NOW = at('10:00:00');

function decisions(seen: Seen, now = NOW): string[] {
  return decide(seen, now).actions.map(say);
}

function say(action: Action): string {
  if (action.kind === 'Scale') return `scale to ${action.replicas}${action.idle ? ', being idle' : ''}`;
  return action.kind === 'KillPod' ? `kill ${action.pod.metadata.name}` : action.kind;
}

describe('adoption', () => {
  const unknown = { ...look(), server: undefined };

  test('a labelled workload that nobody wrote an McpServer for is adopted', () => {
    expect(decisions(unknown)).toEqual(['Adopt']);
    expect(decisions({ ...unknown, labelled: false })).toEqual([]);
  });

  test('one written by a person comes first, whatever its name', () => {
    expect(decisions({ ...unknown, rival: server('mine') })).toEqual([]);
    expect(decisions(look({ rival: server('mine') }))).toEqual(['Abandon']);
  });

  test('label gone: the McpServer goes, and nothing is scaled', () => {
    expect(decisions(look({ labelled: false, wishes: [wish('w', 5)] }))).toEqual(['Abandon']);
  });

  test("a person's McpServer stays, with or without the label", () => {
    expect(decisions(look({ server: server('clock'), labelled: false }))).toEqual([]);
  });

  test('an adopted McpServer whose spec a person edited is theirs from then on', () => {
    const made = adopted(workload('clock'));
    const edited = { ...made, metadata: { ...made.metadata, generation: 2 } };

    expect(decisions(look({ server: edited, labelled: false }))).toEqual(['Disown']);
  });

  test('a workload whose name no McpServer may have is refused in words, once it is found alone', () => {
    const fits = { ...unknown, workload: workload('n'.repeat(63)) };
    const tooLong = { ...unknown, workload: workload('n'.repeat(64)) };

    expect(decisions(fits)).toEqual(['Adopt']);
    expect(decide(tooLong, NOW).actions).toEqual([
      {
        kind: 'Refuse',
        why: expect.stringMatching(/^Deployment n+ .* has 64 characters .* at most 63: give it a shorter/),
      },
    ]);
    expect(decisions({ ...tooLong, rival: server('short') })).toEqual([]);
  });

  test('a workload that came after one of the same name gets an McpServer of its own', () => {
    const later = workload('clock');
    later.metadata.uid = 'another';

    expect(decisions(look({ workload: later }))).toEqual(['Abandon']);
  });

  test('a workload that is gone takes its McpServer along by ownerReference, at no cost', () => {
    expect(decisions(look({ workload: undefined }))).toEqual([]);
  });

  test('a workload or a server being deleted is left alone', () => {
    expect(decisions({ ...unknown, workload: deleting(workload('clock')) })).toEqual([]);
    expect(decisions(look({ server: deleting(adopted(workload('clock'))) }))).toEqual([]);
  });

  test('labels of the workload that changed are copied', () => {
    expect(decisions(look({ workload: workload('clock', { labels: { team: 'b' } }) }))).toEqual(['CopyLabels']);
  });

  test('nothing is concluded from what may not be read', () => {
    expect(decide(look({ labelled: false, unreadable: ['services'] }), NOW)).toEqual({
      actions: [],
      requeueAfterMs: 30_000,
    });
  });
});

describe('scaling', () => {
  test('a wish is applied when it differs, and only then', () => {
    expect(decisions(look({ wishes: [wish('w', 3)] }))).toEqual(['scale to 3']);
    expect(decisions(look({ wishes: [wish('w', 3)], workload: workload('clock', { replicas: 3 }) }))).toEqual([]);
    expect(decisions(look({ wishes: [wish('w', 3)], workload: workload('clock', { replicas: 3, ready: 1 }) }))).toEqual(
      [],
    );
  });

  test('when the last wish goes, the server falls back to what it had', () => {
    const raised = look({ workload: workload('clock', { replicas: 3 }), history: remembered(3, false, 0) });

    expect(decisions(raised)).toEqual(['scale to 1']);
  });

  test('what it had is written down before it is changed', () => {
    const fresh = look({ server: adopted(workload('clock')), wishes: [wish('w', 3)] });

    expect(decisions(fresh)).toEqual([]);
  });

  test('where nobody wishes, a person may scale the workload itself', () => {
    const byHand = look({
      workload: workload('clock', { replicas: 4 }),
      history: foundForeign(remembered(1, false, 0), 4, 'kubectl', 0),
    });

    expect(decisions(byHand)).toEqual([]);
    expect(decisions({ ...byHand, server: server('clock', { replicas: { baseline: 1 } }, { baseline: 1 }) })).toEqual([
      'scale to 1',
    ]);
  });

  test('a change by somebody else is undone while a wish counts, until that is a conflict', () => {
    const wishes = [wish('w', 3)];
    let history = wrote(remembered(1, false, 0), 3, NOW.getTime());
    const undone = () => look({ wishes, history: (history = foundForeign(history, 1, 'argo', NOW.getTime())) });

    expect(decisions(undone())).toEqual(['scale to 3']);
    history = wrote(history, 3, NOW.getTime());
    expect(decisions(undone())).toEqual(['scale to 3']);
    history = wrote(history, 3, NOW.getTime());
    const third = undone();
    expect(decisions(third)).toEqual([]);
    expect(decide(third, NOW).requeueAfterMs).toBe(4_000);
    expect(decisions(third, at('10:03:59'))).toEqual([]);
    expect(decisions(third, at('10:04:00'))).toEqual(['scale to 3']);
  });

  test('an autoscaler on the workload is not fought', () => {
    expect(decisions(look({ wishes: [wish('w', 3)], autoscaler: 'hpa' }))).toEqual([]);
  });

  test('of two McpServers for one workload only the first scales it', () => {
    expect(decisions(look({ server: server('b'), rival: server('a'), wishes: [wish('w', 3)] }))).toEqual([]);
  });

  test('a server that is idle and told to sleep goes to its min', () => {
    const status = { baseline: 2, lastActivityTime: '2030-01-01T09:00:00Z' };
    const sleepy = server('clock', { idle: { enabled: true }, replicas: { min: 0 } }, status);
    const seen = look({
      server: sleepy,
      workload: workload('clock', { replicas: 2 }),
      history: remembered(2, false, 0),
    });

    expect(decisions(seen)).toEqual(['scale to 0, being idle']);
    expect(decisions({ ...seen, wishes: [wish('w', 2)] })).toEqual([]);
  });

  test('a wish that lapses, and one that settles, are looked at when it is time', () => {
    const short = accepted(wish('w', 1, { ttl: '90s' }), NOW);

    expect(decide(look({ wishes: [short] }), NOW).requeueAfterMs).toBe(90_000);
    expect(decide(look(), NOW).requeueAfterMs).toBeUndefined();
    expect(decide(look({ workload: workload('clock', { ready: 0 }) }), NOW).requeueAfterMs).toBe(4_000);
  });
});

describe('a forced stop', () => {
  const forced = [wish('w', 0, { policy: 'Override', force: true })];
  const stopping = deleting(aPod({ name: 'slow' }));
  const seen = (change: Partial<SeenServer> = {}) =>
    look({
      wishes: forced,
      workload: workload('clock', { replicas: 0, ready: 1 }),
      pods: [stopping, aPod()],
      ...change,
    });

  test('scales first, then kills the pods that were told to end', () => {
    expect(decisions(seen({ workload: workload('clock') }))).toEqual(['scale to 0']);
    expect(decisions(seen())).toEqual(['kill slow']);
  });

  test('kills nobody twice, and nobody without force', () => {
    const killed = { ...stopping, metadata: { ...stopping.metadata, deletionGracePeriodSeconds: 0 } };

    expect(decisions(seen({ pods: [killed] }))).toEqual([]);
    expect(decisions(seen({ wishes: [wish('w', 0)] }))).toEqual([]);
  });

  test('is over once somebody wishes otherwise', () => {
    expect(decisions(seen({ wishes: [...forced, wish('later', 1, { version: 200 })] }))).toEqual(['scale to 1']);
  });
});
