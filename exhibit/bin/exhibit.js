#!/usr/bin/env node
// Plain JavaScript, so that a Node too old for type stripping gets a sentence instead of a syntax error.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `exhibit needs Node 22.18 or newer, this is ${process.versions.node}.\n` +
      'npm scripts and npx use the Node 24 that "npm ci" installs: run "npx exhibit …".\n',
  );
  process.exit(70);
}
// Keeps the stripped and compiled modules for the next start: 0.3 s faster, and the TypeScript stripper's
// 40 MB are then never loaded.
const { enableCompileCache } = await import('node:module');
enableCompileCache();
await import('../main.ts');
