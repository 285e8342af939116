const LONGEST = 1024;

/** Control characters, and those that turn or hide text: a name from the cluster may hold what somebody wants read otherwise. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu;

/** Text from the cluster as data: one line, no longer than `most` characters. */
export function clean(text: string, most = LONGEST): string {
  const plain = text.replaceAll(UNSAFE, ' ');
  return plain.length <= most ? plain : `${plain.slice(0, most - 1)}…`;
}

/** The same for the values of labels and annotations. */
export const cleanMap = (map: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [clean(key, 317), clean(value, 256)]));
