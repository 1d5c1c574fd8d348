import '../ui/index.ts';
import './office.css';
import './visit/visit.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { follow } from './theme.ts';

follow();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
