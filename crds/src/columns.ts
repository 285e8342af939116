/** What `kubectl get` prints of an object. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  /** 1: shown with -o wide only. */
  readonly priority?: 0 | 1;
}

const column =
  (type: Column['type']) =>
  (name: string, jsonPath: string, description: string): Column => ({ name, type, jsonPath, description });

export const text = column('string');
export const number = column('integer');

/** For -o wide only. */
export const wide = (shown: Column): Column => ({ ...shown, priority: 1 });

/** The status of the condition Ready. */
export const ready = (description: string): Column =>
  text('Ready', '.status.conditions[?(@.type=="Ready")].status', description);

/** Why the condition Ready is as it is. */
export const reason: Column = wide(
  text('Reason', '.status.conditions[?(@.type=="Ready")].reason', 'Why it is, or is not, ready'),
);

export const age: Column = column('date')('Age', '.metadata.creationTimestamp', 'Since its creation');
