import { describe, expect, test } from 'vitest';
import { server, service, workload } from '../testing/servers.ts';
import { endpointsOf, mcpPort, serviceFor } from './service.ts';

describe('the Service in front of a server', () => {
  const services = [
    service('other', { selector: { app: 'other' } }),
    service('front', { selector: { app: 'clock' } }),
    service('clock', {}),
    service('bare', {}),
  ];
  const found = (spec: Readonly<Record<string, unknown>>, among = services) =>
    serviceFor(
      server('clock', spec),
      workload('clock'),
      () => among,
      (name) => among.find(({ metadata }) => metadata.name === name),
    )?.metadata.name;

  test('is the one that spec.service names, and no other where that is missing', () => {
    expect(found({ service: 'front' })).toBe('front');
    expect(found({ service: 'gone' })).toBeUndefined();
  });

  test("is else the one of its workload's name, with or without a selector", () => {
    expect(found({})).toBe('clock');
  });

  test('is else the first that selects its pods; a Service without a selector selects none', () => {
    const others = services.filter(({ metadata }) => metadata.name !== 'clock');
    expect(found({}, others)).toBe('front');
    expect(found({}, [service('a', { selector: { app: 'clock', tier: 'web' } })])).toBeUndefined();
  });
});

describe('the endpoints of a Service', () => {
  const set = { ...workload('clock', { kind: 'StatefulSet', replicas: 2 }) };
  const ingress = { status: { loadBalancer: { ingress: [{ ip: '192.0.2.9' }, { hostname: 'lb.example' }] } } };

  test.for([
    [
      'ClusterIP, one per port',
      service('s', { ports: [{ port: 80 }, { port: 443 }] }),
      ['http://10.0.0.7:80', 'http://10.0.0.7:443'],
    ],
    ['ClusterIP of IPv6', service('s', { clusterIP: 'fd00::7' }), ['http://[fd00::7]:80']],
    [
      'only TCP counts',
      service('s', {
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 80, protocol: 'TCP' },
        ],
      }),
      ['http://10.0.0.7:80'],
    ],
    ['headless, in front of a Deployment', service('s', { clusterIP: 'None' }), ['http://s.team.svc:80']],
    ['NodePort', service('s', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }), ['nodePort://*:30080']],
    ['LoadBalancer that waits for its address', service('s', { type: 'LoadBalancer' }), []],
    ['LoadBalancer', service('s', { type: 'LoadBalancer' }, ingress), ['http://192.0.2.9:80', 'http://lb.example:80']],
    ['ExternalName', service('s', { type: 'ExternalName', externalName: 'mcp.example' }), ['mcp.example']],
  ] as const)('%s', ([, given, expected]) => {
    expect(endpointsOf(given, workload('clock'))).toEqual(expected);
  });

  test('headless, in front of a StatefulSet: the names of its pods', () => {
    expect(endpointsOf(service('s', { clusterIP: 'None' }), set)).toEqual([
      'http://clock-0.s.team.svc:80',
      'http://clock-1.s.team.svc:80',
    ]);
  });
});

describe('the port where MCP is spoken', () => {
  const two = service('s', {
    ports: [
      { name: 'metrics', port: 9090 },
      { name: 'http', port: 80 },
    ],
  });
  const three = service('s', { ports: [...(two.spec.ports ?? []), { name: 'mcp', port: 8000 }] });
  const odd = service('s', {
    ports: [
      { name: 'a', port: 1 },
      { name: 'b', port: 2 },
    ],
  });

  test('is the annotated one, by name, by number, or of the pods alone', () => {
    expect(portOf(two, 'metrics')).toBe(9090);
    expect(portOf(two, '80')).toBe(80);
    expect(portOf(two, '3000')).toBe(3000);
    expect(portOf(two, 'nonsense')).toContain('says nonsense, which is no port of Service s');
  });

  test('is else the one named mcp, then http, then the only one', () => {
    expect(portOf(three, undefined)).toBe(8000);
    expect(portOf(two, undefined)).toBe(80);
    expect(portOf(service('s', { ports: [{ name: 'web', port: 5 }] }), undefined)).toBe(5);
  });

  test('is nobody knows which where several are named otherwise', () => {
    expect(portOf(odd, undefined)).toBe(
      'Service s has 2 ports, none named mcp or http: name one, or set annotation cortex.automation/mcp-port',
    );
  });
});

const portOf = (...given: Parameters<typeof mcpPort>) => {
  const choice = mcpPort(...given);
  return 'port' in choice ? (typeof choice.port === 'number' ? choice.port : choice.port.port) : choice.unclear;
};
