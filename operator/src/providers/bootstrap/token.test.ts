import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { selfSigned } from '../../testing/certificate.ts';
import { secretNameOf, secretOf, spoken, tokenOf } from './token.ts';

const key = Buffer.alloc(32, 7);
const uid = '0f0f0f0f-1111-2222-3333-444444444444';

test('28: a token has the form of a bootstrap token, is the same each time, and another for each worker and key', () => {
  const token = tokenOf(key, uid);

  expect(`${token.id}.${token.secret}`).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
  expect(tokenOf(key, uid)).toEqual(token);
  expect(tokenOf(key, crypto.randomUUID())).not.toEqual(token);
  expect(tokenOf(Buffer.alloc(32, 8), uid)).not.toEqual(token);
});

test('28: its Secret says when it ends, whose it is, and grants no more than joining', () => {
  const token = tokenOf(key, uid);
  const secret = secretOf(token, 'K3sBootstrap', uid, 'burst-0', new Date('2026-01-01T10:30:00.5Z'));

  expect(secret).toMatchObject({
    metadata: { name: secretNameOf(token), namespace: 'kube-system', labels: { 'cortex.automation/worker-uid': uid } },
    type: 'bootstrap.kubernetes.io/token',
    stringData: {
      expiration: '2026-01-01T10:30:00Z',
      'auth-extra-groups': 'system:bootstrappers:k3s:default-node-token',
      'usage-bootstrap-authentication': 'true',
      'usage-bootstrap-signing': 'false',
    },
  });
});

describe('the token as its agent takes it', () => {
  const { cert } = selfSigned('ca');
  const token = { id: 'abcdef', secret: '0123456789abcdef' };

  test('K3s pins the authority by the hash of its text', () => {
    const hash = createHash('sha256').update(cert).digest('hex');

    expect(spoken('K3sBootstrap', token, cert).token).toBe(`K10${hash}::abcdef.0123456789abcdef`);
  });

  test('of a bundle K3s takes the last, whether or not it ends its line', () => {
    const bundle = `${selfSigned('leaf').cert}${cert.trimEnd()}`;

    expect(spoken('K3sBootstrap', token, bundle)).toEqual(spoken('K3sBootstrap', token, cert));
  });

  test('kubeadm takes the bare token, and pins the public key', () => {
    expect(spoken('Kubeadm', token, cert)).toEqual({
      token: 'abcdef.0123456789abcdef',
      caHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
  });
});
