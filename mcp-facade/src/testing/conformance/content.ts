/** One red pixel, and a tone of no length. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

export const text = (said: string) => ({ type: 'text' as const, text: said });
export const image = { type: 'image' as const, data: PNG, mimeType: 'image/png' };
export const audio = { type: 'audio' as const, data: WAV, mimeType: 'audio/wav' };
export const embedded = (uri: string, mimeType: string, said: string) => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: said },
});

/** What each address holds, by address; undefined: nothing. */
export function contentOf(uri: string): Record<string, string> | undefined {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  return id === undefined ? STATIC[uri] : { mimeType: 'application/json', text: dataOf(id) };
}

const dataOf = (id: string): string => JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });

const STATIC: Readonly<Record<string, Record<string, string>>> = {
  'test://static-text': { mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { mimeType: 'image/png', blob: PNG },
  'test://watched-resource': { mimeType: 'text/plain', text: 'watched' },
};

export const ADDRESSES = Object.keys(STATIC);
