import { encodeBase64url } from '../encoding/base64.ts';
import type { PublicKey } from './jwk.ts';
import { type Signer, signerOf } from './signature.ts';

/** A new device key. The private half cannot be exported; IndexedDB can hold it as it is. */
export interface DeviceKey {
  publicKey: PublicKey;
  privateKey: CryptoKey;
}

/**
 * Makes a device key in WebCrypto. Its randomness is the platform's own and no
 * parameter: a key that JavaScript has never seen is worth more than one that a
 * test could foresee.
 */
export async function newDeviceKey(): Promise<DeviceKey> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)); // 0x04 ‖ x ‖ y
  const publicKey: PublicKey = {
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64url(point.slice(1, 33)),
    y: encodeBase64url(point.slice(33)),
  };
  return { publicKey, privateKey: pair.privateKey };
}

/** The signer of a device key. */
export function deviceSigner(key: DeviceKey): Signer {
  return signerOf(key.publicKey, key.privateKey);
}
