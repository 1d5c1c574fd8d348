import type { KeySet } from '../core/seal/index.ts';
import { KeyError, openDeviceCert, SealError, type Signer, thumbprint } from '../core/seal/index.ts';
import type { EnrolAnswer } from '../core/wire/index.ts';
import { enrol, NetError } from '../net/index.ts';
import { Refused } from './fault.ts';
import type { Session } from './session.ts';

/** Makes keys that have succeeded others known to the server, on the word of the old one. Throws NetError, Refused, StoreError. */
export async function enrolSuccessors(s: Session): Promise<void> {
  for (const key of [...s.keys.values()]) {
    if (key.certificate !== '') continue;
    const old = s.keys.get(key.authorisedBy);
    if (!old) throw new Refused('device_unknown');
    const signer = s.signer(key);
    let answer: EnrolAnswer;
    try {
      answer = await enrol(s.callerOf(key), signer, s.space.label, { old: s.signer(old) });
    } catch (error) {
      const refused = error instanceof NetError && error.problem?.retryable === false;
      throw refused ? new Refused(error.problemCode, { cause: error }) : error;
    }
    await checkCertificate(s.set, answer, signer);
    const row = await s.store.changeKey(key.kid, { certificate: answer.certificate });
    s.keys.set(key.kid, row);
  }
  s.changed();
}

/** Holds the certificate of an answer against the key set, the own key and the member. Throws NetError. */
export async function checkCertificate(set: KeySet, answer: EnrolAnswer, signer: Signer): Promise<void> {
  for (const k of set.keys) {
    if (k.use !== 'office') continue;
    try {
      const cert = await openDeviceCert(answer.certificate, k.public);
      const mine = (await thumbprint(cert.key)) === (await thumbprint(signer.publicKey));
      if (mine && cert.member === answer.memberID && set.origins.includes(cert.origin)) return;
    } catch (error) {
      if (!(error instanceof SealError) && !(error instanceof KeyError)) throw error;
    }
  }
  throw new NetError('portal', 'a certificate that is not ours');
}
