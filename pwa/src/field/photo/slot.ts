import type { ID } from '../../core/record/index.ts';

/** Where a photo came from: the phone's camera by a file input, the app's own camera, or what lay on the phone. */
export type Source = 'camera' | 'live' | 'library';

/**
 * A photo on its way from the camera into a record. The slot is a draft, so it
 * is there when the page was killed while the camera was open (L04), and so are
 * the bytes as soon as they have arrived.
 */
export interface Slot {
  id: string;
  case: ID;
  /** "" for a photo of no visit. */
  visit: ID | '';
  role: string;
  /** What the rep wrote of it. */
  note: string;
  /** Device clock, ms: when the camera was opened. */
  openedAt: number;
  /** How the bytes are asked for. */
  asked: Source;
  /** Once they are here, exactly as they came. */
  taken?: Taken;
}

export interface Taken {
  bytes: ArrayBuffer;
  sha256: string;
  /** As the first bytes say. */
  type: string;
  source: Source;
  /** Of a picture from the library, as the phone names it, ms. */
  takenAt?: number;
}

const prefix = 'photo/';

/** The key of the slot's draft. */
export function slotKey(s: Pick<Slot, 'id' | 'case' | 'visit'>): string {
  return `${slotPrefix(s)}${s.id}`;
}

/** The beginning of the keys of all slots of a visit. */
export function slotPrefix(s: Pick<Slot, 'case' | 'visit'>): string {
  return `${prefix}${s.visit || s.case}/`;
}

/** How much older than the opening of the camera a file may look and still be fresh: clocks of file systems are coarse. */
const coarse = 2000;

/**
 * Where a file came from. A file input that asks for the camera may still be
 * given an old picture: only one that was written after the camera was opened
 * is called a picture of the camera (L21).
 */
export function sourceOf(s: Pick<Slot, 'asked' | 'openedAt'>, lastModified: number): Source {
  return s.asked === 'camera' && lastModified >= s.openedAt - coarse ? 'camera' : 'library';
}
