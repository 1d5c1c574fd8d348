import type { HeldBlob, HeldRecord, Sealed } from '../../engine/index.ts';
import { phone } from '../phone.ts';
import type { Area } from './area.ts';
import { previewOf } from './preview.ts';

/**
 * The draft of the areas. It stays when the picture is sealed: the last picture is
 * the one that counts, and who hides one thing more must not bring the others back.
 */
export function redactionKey(r: Pick<HeldRecord, 'hash'>, original: Pick<HeldBlob, 'id'>): string {
  return `redaction/${r.hash}/${original.id}`;
}

/**
 * Seals a picture of a photo with areas painted over, as a record of its own that
 * names the photo: what was sealed before is never touched. False: no picture could
 * be made. Throws EngineError. In either case nothing was saved.
 */
export async function sealRedaction(
  r: HeldRecord,
  original: HeldBlob,
  areas: readonly Area[],
): Promise<Sealed | false> {
  const app = phone();
  const preview = r.blobs.find((b) => b.of === original.id && b.role === 'preview');
  for (const source of preview ? [original, preview] : [original]) {
    const bytes = await app.blob(source.sha256);
    const made = await previewOf(bytes.slice().buffer, source.type, areas);
    if ('none' in made) continue; // a format that only the phone's camera can read may still have a preview
    return app.seal({
      kind: 'photo.redacted',
      case: r.case,
      ...(r.visit ? { visit: r.visit } : {}),
      fields: [
        ['record', r.hash],
        ['original', original.id],
      ],
      blobs: [{ id: 'redacted', role: 'redacted', type: 'image/jpeg', bytes: made.bytes }],
    });
  }
  return false;
}
