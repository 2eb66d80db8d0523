import { defineConfig } from 'vitest/config';

const CONTRACT = 'test/contract/**/*.test.ts';
const CLUSTER = 'test/cluster/**/*.test.ts';
const NODE = 'test/node/**/*.test.ts';

/** `npm test` runs the first two projects, `npm run test:cluster` the third: it needs a real control plane. `npm run test:node` is for a machine that can be a node. */
export default defineConfig({
  test: {
    testTimeout: 15_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [CONTRACT, CLUSTER, NODE] },
      },
      {
        extends: true,
        test: {
          name: 'embedded',
          include: [CONTRACT],
          globalSetup: 'test/contract/harness/embedded.setup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: [CONTRACT, CLUSTER],
          globalSetup: 'test/contract/harness/real.setup.ts',
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'node', include: [NODE], testTimeout: 120_000, fileParallelism: false },
      },
    ],
  },
});
