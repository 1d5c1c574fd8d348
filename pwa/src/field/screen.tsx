import type { ComponentChildren } from 'preact';
import type { Case } from '../core/history/index.ts';
import { Page } from '../ui/index.ts';
import { SyncStrip } from './strip.tsx';
import { t } from './words/index.ts';

export interface ScreenProps {
  title: string;
  children: ComponentChildren;
  actions?: ComponentChildren;
  back?: string | (() => void) | undefined;
  beside?: ComponentChildren;
  /** The case that the screen is about: a practice case says so. */
  of?: Case | undefined;
}

/** Practice stands above what a worker reads when it is not meant. */
export function Practice({ of }: { of: Case | undefined }) {
  if (!of?.practice) return null;
  return (
    <aside class="fd-above" aria-label={t('practice')}>
      <p class="fd-practice">{t('practice_mark')}</p>
    </aside>
  );
}

/** Screen is a page of the field app: above it stands what is saved and what is sent, and whether this is practice. */
export function Screen({ of, ...page }: ScreenProps) {
  return (
    <Page
      {...page}
      strip={
        <aside class="fd-above" aria-label={t('outbox_title')}>
          <SyncStrip />
          {of?.practice && <p class="fd-practice">{t('practice_mark')}</p>}
        </aside>
      }
    />
  );
}
