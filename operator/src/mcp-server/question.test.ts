import { expect, test } from 'vitest';
import { server, service, workload } from '../testing/servers.ts';
import { questionFor } from './question.ts';

const annotated = (annotations: Record<string, string>) => workload('clock', { annotations });

test('a server is asked at the port and the path of its Service, by the name that slices repeat', () => {
  const front = service('clock', { ports: [{ name: 'mcp', port: 80 }] });

  expect(questionFor(server('clock'), workload('clock'), front)).toEqual({
    ask: {
      type: 'Mcp',
      namespace: 'team',
      service: 'clock',
      port: { name: 'mcp', number: 80, direct: false },
      path: '/mcp',
    },
  });
});

test('annotations of the workload say otherwise, a port of the pods included', () => {
  const said = annotated({ 'cortex.automation/mcp-port': '3000', 'cortex.automation/mcp-path': '/sse' });

  expect(questionFor(server('clock'), said, service('clock'))).toMatchObject({
    ask: { port: { name: undefined, number: 3000, direct: true }, path: '/sse' },
  });
});

test('nobody is asked where nothing is to be known', () => {
  expect(questionFor(server('clock', { probe: { type: 'None' } }), workload('clock'), undefined)).toBeUndefined();
});

test.for([
  [{}, undefined, 'no Service is named clock or selects its pods: create one, or name it in spec.service'],
  [{ service: 'front' }, undefined, 'there is no Service front, which spec.service names'],
  [
    {},
    service('clock', { type: 'ExternalName', externalName: 'x' }),
    'Service clock is a name elsewhere (ExternalName), which is not asked',
  ],
  [
    {},
    service('clock', { ports: [] }),
    'Service clock has 0 ports, none named mcp or http: name one, or set annotation cortex.automation/mcp-port',
  ],
] as const)('where nobody can be asked, the reason is said: %#', ([spec, front, why]) => {
  expect(questionFor(server('clock', spec), workload('clock'), front)).toEqual({
    known: { state: 'Unreachable', why },
  });
});
