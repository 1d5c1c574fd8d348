import '../ui/index.ts';
import './office.css';
import './visit/visit.css';
import { render } from 'preact';
import { watchActivity } from './activity.ts';
import { App } from './app.tsx';
import { follow } from './theme.ts';

follow();
watchActivity();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
