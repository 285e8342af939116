import { createSign, generateKeyPairSync } from 'node:crypto';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const OID = {
  commonName: '550403',
  subjectAltName: '551d11',
  basicConstraints: '551d13',
  ecdsaWithSha256: '2a8648ce3d040302',
};

/** A fresh self-signed certificate for 127.0.0.1 and localhost. Node can read certificates but not make them. */
export function selfSigned(name = 'scripted'): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = toBeSigned(name, publicKey.export({ type: 'spki', format: 'der' }));
  const signature = createSign('sha256').update(body).sign(privateKey);
  const der = sequence(body, algorithm, tlv(0x03, Buffer.from([0]), signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}

function toBeSigned(name: string, publicKey: Buffer): Buffer {
  const distinguishedName = sequence(tlv(0x31, sequence(oid(OID.commonName), tlv(0x0c, Buffer.from(name)))));
  const year = new Date().getUTCFullYear() % 100;
  const validity = sequence(time(year - 1), time(year + 1));
  return sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([1, ...crypto.getRandomValues(new Uint8Array(8))])),
    algorithm,
    distinguishedName,
    validity,
    distinguishedName,
    publicKey,
    tlv(0xa3, sequence(authority, addresses)),
  );
}

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, ...parts);
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'));
}

const time = (year: number): Buffer => tlv(0x17, Buffer.from(`${String(year).padStart(2, '0')}0101000000Z`));
const algorithm = sequence(oid(OID.ecdsaWithSha256));
const yes = tlv(0x01, Buffer.from([0xff]));
const authority = sequence(oid(OID.basicConstraints), yes, tlv(0x04, sequence(yes)));
const addresses = sequence(
  oid(OID.subjectAltName),
  tlv(0x04, sequence(tlv(0x87, Buffer.from([127, 0, 0, 1])), tlv(0x82, Buffer.from('localhost')))),
);
