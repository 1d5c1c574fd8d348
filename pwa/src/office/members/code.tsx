import { useEffect, useState } from 'preact/hooks';
import { Button, Dialog, formatDateTime } from '../../ui/index.ts';
import { type IssuedCode, type Member, members } from '../api.ts';
import { CopyButton } from '../copy.tsx';
import { useAct } from '../hooks.ts';
import { Refused } from '../refused.tsx';
import { t } from '../words/index.ts';
import { qrPath } from './qr.ts';

export interface CodeDialogProps {
  /** Who is let in; undefined: nobody, and the dialog is shut. */
  member: Member | undefined;
  purpose: 'phone' | 'office';
  onClose(): void;
}

/** CodeDialog makes a one-time code when it opens and shows it once. */
export function CodeDialog({ member, purpose, onClose }: CodeDialogProps) {
  const [code, setCode] = useState<IssuedCode | undefined>(undefined);
  const issuing = useAct();
  useEffect(() => {
    setCode(undefined);
    issuing.clear();
    if (member) void issuing.run(async () => setCode(await members.code(member.id, purpose)));
  }, [member, purpose]);
  return (
    <Dialog
      open={member !== undefined}
      title={t('members.code_title', { name: member?.name ?? '' })}
      onClose={onClose}
      actions={<Button onClick={onClose}>{t('disclosure.put_away')}</Button>}
    >
      <div class="ta-stack">
        <Refused refusal={issuing.refusal} />
        {!code && !issuing.refusal && <p role="status">{t('loading')}</p>}
        {code && (
          <>
            <p>{purpose === 'phone' ? t('members.code_phone_hint') : t('members.code_office_hint')}</p>
            <p class="ta-small ta-soft">
              {t('members.code_once')} {t('members.until', { when: formatDateTime(code.expires_at) })}
            </p>
            {purpose === 'phone' && <Code link={code.link} />}
            <div class="office-secret">
              <h3>{t('members.code_label')}</h3>
              <p class="office-secret__code ta-mono">{code.code}</p>
            </div>
            <div class="office-secret">
              <h3>{t('members.link_label')}</h3>
              <p id="member-link" class="office-secret__text ta-mono">
                {code.link}
              </p>
              <div class="ta-row">
                <CopyButton text={code.link} label={t('disclosure.copy_link')} from="member-link" />
              </div>
            </div>
          </>
        )}
      </div>
    </Dialog>
  );
}

/** Code draws a link as a QR code, in this browser. */
function Code({ link }: { link: string }) {
  const [drawn, setDrawn] = useState<{ size: number; path: string } | undefined>(undefined);
  useEffect(() => {
    void import('qr').then(({ default: encode }) =>
      setDrawn(qrPath(encode(link, 'raw', { ecc: 'medium', border: 4 }))),
    );
  }, [link]);
  if (!drawn) return null;
  return (
    <svg class="office-qr" viewBox={`0 0 ${drawn.size} ${drawn.size}`} role="img" aria-label={t('members.qr')}>
      <rect width={drawn.size} height={drawn.size} class="office-qr__paper" />
      <path d={drawn.path} class="office-qr__ink" shape-rendering="crispEdges" />
    </svg>
  );
}
