// `node inflate-chromium.ts FOLDER` unpacks the archives of @sparticuz/chromium to os.tmpdir(), which $TMPDIR sets.
import { join } from 'node:path';
import { inflate } from '@sparticuz/chromium';

const [folder = ''] = process.argv.slice(2);
// The program, fonts, a software renderer, and libraries that a minimal machine lacks.
for (const name of ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'])
  await inflate(join(folder, name));
