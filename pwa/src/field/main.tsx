import { render } from 'preact';
import { inBrowserTab } from './enrol/platform.ts';
import './field.css';
import { rememberTheWay } from '../ui/index.ts';
import { open, wakeUp } from './phone.ts';
import { Shell } from './shell.tsx';
import { show } from './theme.ts';
import { startWorker } from './update.ts';
import { ready } from './words/index.ts';

/** The name of this build as records carry it: the digest that the bundler gave to the entry. */
const version = `field-${/-([\w-]+)\.js/.exec(import.meta.url)?.[1] ?? 'dev'}`;

const minute = 60_000;

show();
setInterval(show, 5 * minute);
const root = document.getElementById('app');
if (!inBrowserTab()) void open(version); // nothing is entered there, so nothing is kept there
void ready().then(() => {
  if (root) render(<Shell version={version} />, root);
});
rememberTheWay();
void startWorker(wakeUp);
