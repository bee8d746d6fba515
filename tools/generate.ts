// Writes docs/openapi.json and the client's types from the api's routes: `npm run generate`.
import { mkdir, writeFile } from 'node:fs/promises';
import { generatedFiles } from './generated-files.ts';

for (const { url, path, content } of await generatedFiles()) {
  await mkdir(new URL('.', url), { recursive: true });
  await writeFile(url, content);
  process.stdout.write(`wrote ${path}\n`);
}
