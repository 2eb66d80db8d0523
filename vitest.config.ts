import { defineConfig } from 'vitest/config';

const CONTRACT = 'test/contract/**/*.test.ts';
const CLUSTER = 'test/cluster/**/*.test.ts';

/** `npm test` runs the first two projects, `npm run test:cluster` the last: it needs a real control plane. */
export default defineConfig({
  test: {
    testTimeout: 15_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [CONTRACT, CLUSTER] },
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
    ],
  },
});
