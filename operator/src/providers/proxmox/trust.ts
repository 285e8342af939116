import type { Proxmox } from '@cortex/crds';
import type { TLSSocket } from 'node:tls';
import { Agent, buildConnector, type Dispatcher } from 'undici';

export type Trust = Proxmox['tls'];

/** The certificate is not the one that was pinned. Nothing was sent. */
export class FingerprintChanged extends Error {
  override readonly name = 'FingerprintChanged';

  constructor(seen: string) {
    super(`its certificate has the fingerprint ${seen}, which is not proxmox.tls.fingerprint; nothing was sent`);
  }
}

/** Connections that carry a request, and the token in it, only after the certificate was checked. */
export function connect({ caBundle, fingerprint, insecureSkipVerify }: Trust, connections = 8): Dispatcher {
  const checked = !insecureSkipVerify && fingerprint === undefined;
  const open = buildConnector({
    timeout: 8_000,
    rejectUnauthorized: checked,
    ...(caBundle === undefined ? {} : { ca: caBundle }),
  });
  const connector: buildConnector.connector = (options, done) =>
    open(options, (error, socket) => {
      if (error !== null) return done(error, null);
      const changed = fingerprint === undefined ? undefined : changedFrom(fingerprint, socket as TLSSocket);
      if (changed === undefined) return done(null, socket);
      socket.destroy();
      done(changed, null);
    });
  return new Agent({ connect: connector, connections, allowH2: false });
}

function changedFrom(pinned: string, socket: TLSSocket): FingerprintChanged | undefined {
  const seen = socket.getPeerCertificate().fingerprint256 ?? 'none';
  return seen.toUpperCase() === pinned.toUpperCase() ? undefined : new FingerprintChanged(seen);
}
