// Builds the web app ahead of time, for an installation that is read-only where it runs: `npm run build`.
import { buildWebApp } from './build-web-app.ts';

process.stdout.write(`${await buildWebApp()}\n`);
