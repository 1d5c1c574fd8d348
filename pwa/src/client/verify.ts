/**
 * The verification of a letter, in the browser of whoever received it: pure, on the rules that phone, server and auditor share (src/core). Each
 * claim is judged for itself, so that one fault does not hide what else is true or false. What cannot be proven at all is said on the page.
 */
import { type DeviceCert, type Receipt, thumbprint } from '../core/seal/index.ts';
import type { Claim } from './claim.ts';
import { type Fetched, judgeDocument, judgePhotos } from './files.ts';
import { judgeKeys, openCertificates } from './keys.ts';
import { judgeLedger, judgeReceipts } from './ledger.ts';
import type { Letter } from './letter.ts';
import { documentDigest, type Handing, judgeOffice } from './office.ts';
import { judgePapers, type Paper } from './paper.ts';
import { judgeDevices, judgeFields, judgeSignatures, type Read, readRecords } from './records.ts';

/** What a letter is found to be. */
export interface Report {
  /** All but photos and document, which are judged when their bytes are there (withFiles). */
  claims: Claim[];
  /** The root that the keys say they are under: to be held against one from elsewhere. */
  root: string;
  records: Read[];
  /** Those whose text is what was signed; none else may be shown. */
  papers: Paper[];
  /** Certificates by key id. */
  devices: ReadonlyMap<string, DeviceCert>;
  /** Receipts that hold, by place in the letter. */
  receipts: (Receipt | undefined)[];
  handing: Handing;
}

/** verify judges a letter. It never throws for what the letter holds. */
export async function verify(letter: Letter): Promise<Report> {
  const { claim: keys, set, root } = await judgeKeys(letter);
  const records = await readRecords(letter);
  const { devices, findings } = await openCertificates(letter, set, thumbprint);
  const papers = await judgePapers(letter, records);
  const received = await judgeReceipts(letter, records, set);
  const office = letter.disclosure && (await judgeOffice(letter, letter.disclosure, records, set));
  const claims: (Claim | undefined)[] = [
    await judgeSignatures(records, devices, letter),
    judgeFields(records),
    papers.text,
    papers.hand,
    judgeDevices(records, devices, findings, letter),
    received.claim,
    await judgeLedger(letter, set, received.receipts),
    office?.claim,
    keys,
  ];
  return {
    claims: claims.filter((c) => c !== undefined),
    root,
    records,
    papers: papers.papers,
    devices: new Map(devices.map((d) => [d.keyID, d.cert])),
    receipts: received.receipts,
    handing: office?.handing ?? { prepared: undefined, approved: undefined },
  };
}

/** What is known of the files that a letter names. */
export interface Files {
  photos: ReadonlyMap<number, Fetched>;
  /** Digest of the PDF that was downloaded. */
  document: string | undefined;
}

/** withFiles gives all claims, with those about photos and document as far as their bytes are known. */
export function withFiles(letter: Letter, report: Report, files: Files): Claim[] {
  const photos = judgePhotos(letter, report.records, files.photos);
  const document = judgeDocument(letter, documentDigest(report.handing), files.document);
  return [...report.claims, ...[photos, document].filter((c) => c !== undefined)];
}
