import { expect, it } from 'vitest';
import { rewriter } from '../../../../../../infra/local/cluster/node/files/paths.ts';

const rewrite = rewriter([
  { from: '/var/log/nginx', to: '/R/vol/log' },
  { from: '/var/log', to: '/R/vol/all' },
  { from: '/tasksite', to: '/R/vol/task' },
  { from: '/bin/mock_log', to: '/R/root/bin/mock_log' },
  { from: '/bin/sh', to: '/R/root/bin/sh' },
  { from: '/usr/local/ilogtail', to: '/R/root/usr/local/ilogtail' },
  { from: '/usr/local/ilogtail/config.json', to: '/R/vol/secret/config.json' },
]);

it.each([
  ['a whole text', '/bin/sh', '/R/root/bin/sh'],
  ['an option value', '--path=/var/log/nginx/access.log', '--path=/R/vol/log/access.log'],
  [
    'the word after a test',
    'until [[ -f /tasksite/a ]]; do :; done',
    'until [[ -f /R/vol/task/a ]]; do :; done',
  ],
  ['a path before a semicolon', 'touch /tasksite; x', 'touch /R/vol/task; x'],
  ['a command in a script', '/bin/mock_log --n=1; r=$?', '/R/root/bin/mock_log --n=1; r=$?'],
  ['the longest mapped path', '/usr/local/ilogtail/config.json', '/R/vol/secret/config.json'],
  [
    'the shorter one when the longer does not fit',
    '/usr/local/ilogtail/config.json5',
    '/R/root/usr/local/ilogtail/config.json5',
  ],
  ['a redirection', 'echo x >/tasksite/out 2>/var/log/err', 'echo x >/R/vol/task/out 2>/R/vol/all/err'],
  ['quoted paths', `cat "/tasksite/a b" '/tasksite'`, `cat "/R/vol/task/a b" '/R/vol/task'`],
  ['a list of paths', 'A=/tasksite:/var/log/nginx', 'A=/R/vol/task:/R/vol/log'],
  ['a default of a variable', `\${DIR:-/tasksite}/x`, `\${DIR:-/R/vol/task}/x`],
  ['a substitution', '$(cat /tasksite/n)', '$(cat /R/vol/task/n)'],
  ['several lines', 'cd /tasksite\nls /var/log/nginx\n', 'cd /R/vol/task\nls /R/vol/log\n'],
])('%s is rewritten', (_, text, expected) => {
  expect(rewrite(text)).toBe(expected);
});

it.each([
  ['a longer name', '/tasksite2 /tasksite-old /tasksite.bak /tasksité'],
  ['a pattern or a variable that goes on', '/tasksite* /tasksite$N /tasksite{1,2}'],
  ['the end of another path', '/data/tasksite ./tasksite ../tasksite $HOME/tasksite ~/tasksite a/tasksite'],
  ['a part of a URL', 'http://tasksite/x https://host/tasksite'],
  ["the machine's own path", '/etc/hosts /bin/shred /var'],
])('%s is left alone', (_, text) => {
  expect(rewrite(text)).toBe(text);
});

it('with nothing mapped a text stays as it is', () => {
  expect(rewriter([])('/a b')).toBe('/a b');
});
