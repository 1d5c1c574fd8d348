import { useEffect, useState } from 'preact/hooks';
import type { Session } from './api.ts';
import { isOver } from './fault.ts';
import { digest, type Fetched, isNamed } from './files.ts';
import type { Letter } from './letter.ts';
import type { Report } from './verify.ts';

/** What became of the photos: their digests for the verification, and addresses of those that may be shown. */
export interface Pictures {
  digests: ReadonlyMap<number, Fetched>;
  urls: ReadonlyMap<number, string>;
}

const none: Pictures = { digests: new Map(), urls: new Map() };
const shown = ['image/jpeg', 'image/png', 'image/webp'];

/** usePictures fetches the photos one after the other. Only what its record names, and what it should be, gets an address. */
export function usePictures(
  letter: Letter,
  report: Report,
  calls: Session,
  onOver: (fault: unknown) => void,
): Pictures {
  const [pictures, setPictures] = useState(none);
  useEffect(() => {
    let gone = false;
    const made: string[] = [];
    const fetchAll = async () => {
      for (const [n, photo] of letter.photos.entries()) {
        let found: Fetched = 'missing';
        let url: string | undefined;
        try {
          const bytes = await calls.photo(photo.sha256);
          found = await digest(bytes);
          if (found === photo.sha256 && isNamed(photo, report.records) && shown.includes(photo.type)) {
            url = URL.createObjectURL(new Blob([bytes], { type: photo.type }));
            made.push(url);
          }
        } catch (fault) {
          if (isOver(fault)) onOver(fault);
        }
        if (gone) return;
        setPictures((p) => ({
          digests: new Map(p.digests).set(n, found),
          urls: url === undefined ? p.urls : new Map(p.urls).set(n, url),
        }));
      }
    };
    void fetchAll();
    return () => {
      gone = true;
      for (const url of made) URL.revokeObjectURL(url);
    };
  }, [letter, report, calls, onOver]);
  return pictures;
}
