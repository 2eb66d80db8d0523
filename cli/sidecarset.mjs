#!/usr/bin/env node
// Older versions of Node can't read the TypeScript behind this file, nor say so in a way that helps.
const WANTED = 24;

if (Number(process.versions.node.split('.')[0]) < WANTED) {
  console.error(
    `sidecarset needs Node ${WANTED} or newer, and this is Node ${process.versions.node}.\n` +
      'After "npm ci", "npx sidecarset" uses the Node that comes with the project.',
  );
  process.exitCode = 2;
} else {
  await import('./sidecarset.ts');
}
