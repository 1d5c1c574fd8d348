import '../ui/index.ts';
import './client.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { doorOf } from './door.ts';

const root = document.getElementById('app');
if (root !== null) render(<App door={doorOf(location.pathname, location.hash)} />, root);
