import { Button } from '../ui/index.ts';
import { t } from './words/index.ts';

export interface PagesProps {
  onBack: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** Pages goes to newer and older lines of a list that is shown in parts. */
export function Pages({ onBack, onNext }: PagesProps) {
  if (!onBack && !onNext) return null;
  return (
    <div class="ta-row office-center">
      <Button icon="back" onClick={onBack} aria-disabled={onBack ? undefined : true}>
        {t('cases.newer')}
      </Button>
      <Button icon="next" onClick={onNext} aria-disabled={onNext ? undefined : true}>
        {t('cases.older')}
      </Button>
    </div>
  );
}
