import { useEffect, useState } from 'preact/hooks';
import { Button } from '../ui/index.ts';
import { t } from './words/index.ts';

/** CopyButton puts a text on the clipboard and says so. Where the browser does not allow that, it selects the text of an element. */
export function CopyButton({ text, label, from }: { text: string; label: string; from?: string }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 3000);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
    } catch {
      const held = from === undefined ? null : document.getElementById(from);
      if (held) document.getSelection()?.selectAllChildren(held);
    }
  };
  return (
    <>
      <Button icon={done ? 'check' : 'copy'} onClick={copy}>
        {label}
      </Button>
      <span class="ta-small ta-soft" role="status">
        {done ? t('copied') : ''}
      </span>
    </>
  );
}
