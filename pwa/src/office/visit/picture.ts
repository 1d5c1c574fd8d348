import { useEffect, useState } from 'preact/hooks';
import { check } from '../../core/blob/index.ts';
import { records } from '../api.ts';
import { refusalOf } from '../http.ts';
import type { Picture } from './album.ts';

/** What became of a picture: its bytes are shown only when they are those that the record names. */
export type Seen =
  | { is: 'asking' }
  | { is: 'same'; url: string }
  | { is: 'differs' }
  | { is: 'absent' }
  | { is: 'failed' };

/** Fetches a picture and compares its digest with the one in the sealed record, in this browser. */
export async function fetchChecked(hash: string, p: Picture): Promise<Uint8Array<ArrayBuffer> | 'differs' | 'failed'> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await records.blob(hash, p.sha256);
  } catch (error) {
    return refusalOf(error).code === 'evidence_damaged' ? 'differs' : 'failed'; // the server looked, too
  }
  try {
    await check(bytes, p.sha256, p.size);
    return bytes;
  } catch {
    return 'differs';
  }
}

/** A picture for the page. Its address dies with the component. */
export function usePicture(hash: string, p: Picture): Seen {
  const [seen, setSeen] = useState<Seen>({ is: 'asking' });
  useEffect(() => {
    if (!p.stored) return setSeen({ is: 'absent' });
    let url = '';
    let gone = false;
    setSeen({ is: 'asking' });
    void fetchChecked(hash, p).then((result) => {
      if (gone) return;
      if (typeof result === 'string') return setSeen({ is: result });
      url = URL.createObjectURL(new Blob([result], { type: p.type }));
      setSeen({ is: 'same', url });
    });
    return () => {
      gone = true;
      if (url !== '') URL.revokeObjectURL(url);
    };
  }, [hash, p.sha256, p.stored]);
  return seen;
}
