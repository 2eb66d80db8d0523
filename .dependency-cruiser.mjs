/** The import rules of docs/architecture.md, checked by `npm run check:imports`. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    forbid('no-cycles', 'A cycle has no reading order.', {}, { circular: true }),
    forbid(
      'no-unresolved',
      'Every import exists (aws-lambda has types only, vitest/node is behind conditions).',
      {},
      { couldNotResolve: true, pathNot: '^(aws-lambda|vitest/node)$' },
    ),
    forbid(
      'model-stands-alone',
      'model imports model only.',
      { path: '^shared/model/' },
      { pathNot: '^shared/model/' },
    ),
    forbid(
      'core-is-pure',
      'core imports model and core only: no clock, no environment, no network.',
      { path: '^shared/core/' },
      { pathNot: '^shared/(model|core)/' },
    ),
    forbid(
      'io-decides-nothing',
      'io never imports core, contracts or a function.',
      { path: '^shared/io/' },
      { path: '^(functions|infra|cli|test)/|^shared/(core|contracts|lambda)/' },
    ),
    forbid(
      'contracts-only-parse',
      'contracts turn unknown into model and back.',
      { path: '^shared/contracts/' },
      { pathNot: '^shared/(model|contracts)/|^aws-lambda$' },
    ),
    forbid(
      'functions-are-islands',
      'A function never imports another function.',
      { path: '^functions/([^/]+)/' },
      { path: '^functions/', pathNot: '^functions/$1/' },
    ),
    forbid(
      'product-knows-no-tools',
      'functions and shared do not import the local machine, the CLI or tests.',
      { path: '^(functions|shared)/' },
      { path: '^(infra|cli|test)/' },
    ),
    forbid(
      'local-machine-has-no-cheat-sheet',
      'The local machine reaches functions through serverless.yml, and decisions (but for label selectors) not at all.',
      { path: '^infra/', pathNot: '^infra/exit-image/' },
      { path: '^functions/|^shared/(core/(?!labels/)|lambda/)|^(cli|test)/' },
    ),
    forbid(
      'exit-image-is-bytes',
      'The exit image is made of manifests alone: no file, no network.',
      { path: '^infra/exit-image/' },
      {
        pathNot:
          '^infra/exit-image/|^shared/(model|core|contracts)/|^node_modules/modern-tar/|^(node:)?(crypto|path|zlib)$',
      },
    ),
    forbid(
      'admission-starts-fast',
      'Functions load the AWS SDK, the WebSocket and the regular expression library on first use: a cold start must not pay for them.',
      { path: '^(functions|shared)/', pathNot: '^shared/io/cluster/exec[.]ts$' },
      {
        path: '^node_modules/(@kubernetes/client-node|@aws-sdk|re2js|ws|yaml)/|^shared/io/cluster/exec[.]ts$',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mts', '.mjs', '.js', '.json'],
      conditionNames: ['node', 'import', 'default'],
    },
  },
};
