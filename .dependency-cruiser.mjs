// The directions of docs/ARCHITECTURE.md. A rule's comment is what a person reads who breaks it.

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
const forbid = (name, comment, from, to) => ({ name, comment, severity: /** @type {const} */ ('error'), from, to });

const tests = '\\.test\\.tsx?$';
/** Folders of the client below `app`, from the screens down to the store. */
const uiOnly = '^client/ui/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    forbid('no-cycle', 'Two files that need each other are one file, or need a third.', {}, { circular: true }),
    forbid(
      'no-orphan-import',
      'What is imported must exist and be named in package.json.',
      {},
      { couldNotResolve: true, pathNot: '^(virtual:|https?:)' },
    ),
    forbid(
      'tests-are-leaves',
      'Nothing imports a test, and only tests import tests/.',
      { pathNot: [tests, '^tests/'] },
      { path: [tests, '^tests/'] },
    ),
    forbid('no-test-in-test', 'What two tests share belongs into tests/support.', { path: tests }, { path: tests }),
    forbid(
      'schema-stands-alone',
      'The shared language imports nothing of ours.',
      { path: '^schema/', pathNot: tests },
      { path: '^(client|sync-server|scripts|tests)/' },
    ),
    forbid(
      'schema-knows-no-platform',
      'The shared language runs anywhere: neither Node nor a browser.',
      { path: '^schema/', pathNot: tests },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'client-apart-from-server',
      'They meet on the wire, in schema/.',
      { path: '^client/', pathNot: tests },
      { path: '^(sync-server|scripts)/' },
    ),
    forbid(
      'server-apart-from-client',
      'They meet on the wire, in schema/.',
      { path: '^sync-server/', pathNot: tests },
      { path: '^(client|scripts)/' },
    ),
    forbid(
      'client-knows-no-node',
      'The client runs in a browser.',
      { path: '^client/', pathNot: tests },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'features-apart',
      'A feature reaches another through app/, services/ or ui/, never directly.',
      { path: '^client/features/([^/]+)/' },
      { path: '^client/features/([^/]+)/', pathNot: '^client/features/$1/' },
    ),
    forbid(
      'features-below-app',
      'app composes features, not the other way.',
      { path: '^client/', pathNot: ['^client/app/', tests] },
      { path: '^client/app/' },
    ),
    forbid(
      'features-through-services',
      'A feature reaches the device through services/, so that it can be drawn and tested alone.',
      { path: '^client/features/', pathNot: tests },
      { path: '^client/(store|sync|api)/' },
    ),
    forbid(
      'below-knows-no-features',
      'What features stand on does not know them.',
      { path: '^client/(services|store|sync|api|ui|search|files|calls)/', pathNot: tests },
      { path: '^client/features/' },
    ),
    forbid(
      'store-below-sync',
      'sync uses the store; the store keeps and does not send.',
      { path: '^client/store/', pathNot: tests },
      { path: '^client/(sync|services)/' },
    ),
    forbid(
      'ui-knows-nothing-of-chat',
      'The kit of controls imports nothing of ours.',
      { path: uiOnly, pathNot: tests },
      { path: '^(schema|client)/', pathNot: uiOnly },
    ),
    forbid(
      'store-is-the-bottom',
      'SQL knows nothing of sockets and requests.',
      { path: '^sync-server/store/', pathNot: tests },
      { path: '^sync-server/(http|socket|relay|snapshots|main|create-sync-server)' },
    ),
    forbid(
      'relay-below-doors',
      'http and socket stand on the relay.',
      { path: '^sync-server/(relay|snapshots)/', pathNot: tests },
      { path: '^sync-server/(http|socket|main|create-sync-server)' },
    ),
    forbid(
      'doors-below-composition',
      'create-sync-server hands everything down.',
      { path: '^sync-server/(http|socket)/', pathNot: tests },
      { path: '^sync-server/(main|create-sync-server)' },
    ),
    forbid(
      'sql-in-one-folder',
      'All SQL stands in sync-server/store (docs/CONTRIBUTING.md).',
      { path: '^sync-server/', pathNot: ['^sync-server/store/', tests] },
      { path: '^node_modules/pg/' },
    ),
    forbid(
      'no-dev-packages-in-the-product',
      'What runs for people is a dependency, not a devDependency.',
      { path: '^(client|sync-server|schema)/', pathNot: [tests, '/gallery/'] },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'browser', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
    },
    // A cycle of types alone is harmless to run, and just as hard to read.
    combinedDependencies: false,
  },
};
