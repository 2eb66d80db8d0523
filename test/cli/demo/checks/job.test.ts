import { describe, expect, it } from 'vitest';
import { type JobStory, jobChecks } from '../../../../cli/demo/checks/job.ts';
import type { NodeFact } from '../../../../infra/local/cluster/node/facts.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';

const pod = (name: string, containers: string[], phase?: 'Succeeded' | 'Running'): Pod => ({
  metadata: { name },
  spec: { containers: containers.map((container) => ({ name: container })) },
  status: { phase },
});

const fact = (second: number, container: string, what: NodeFact['what'], exitCode?: number): NodeFact => ({
  at: new Date(second * 1000),
  namespace: 'default',
  pod: 'mock',
  uid: 'u',
  container,
  what,
  detail: what,
  exitCode,
});

const lines = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index}`);

const facts = [
  fact(1, 'agent', 'started'),
  fact(2, 'main', 'started'),
  fact(4, 'main', 'exited', 0),
  fact(5, 'agent', 'signalled'),
  fact(7, 'agent', 'exited', 0),
];

const good: JobStory = {
  job: 'mock',
  mains: ['main'],
  sidecars: ['agent'],
  pod: pod('mock', ['agent', 'main'], 'Succeeded'),
  bystander: pod('other', ['main']),
  verdict: 'Complete',
  facts,
  shipped: lines(100),
  lines: 100,
  drainSeconds: 10,
  warning: undefined,
};

const without = (container: string, ...what: NodeFact['what'][]): NodeFact[] =>
  facts.filter((one) => one.container !== container || !what.includes(one.what));

const failed = (story: JobStory): string[] =>
  jobChecks(story)
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);

describe('jobChecks', () => {
  it('passes a run as it should be', () => {
    expect(jobChecks(good).map(({ name }) => name)).toEqual([
      "the Job's Pod is injected with agent",
      'a Pod without the label is not injected',
      'agent runs before main starts',
      'agent gets SIGTERM once every main container has ended',
      'agent ends by itself, exit code 0, within its 10 s',
      'the Pod is Succeeded and the Job Complete',
      'the sink holds exactly 100 lines, none twice',
    ]);
    expect(failed(good)).toEqual([]);
  });

  it.each<[string, Partial<JobStory>, string[]]>([
    [
      'a Pod that was not injected',
      { pod: pod('mock', ['main'], 'Succeeded') },
      ["the Job's Pod is injected with agent"],
    ],
    [
      'an injected bystander',
      { bystander: pod('x', ['main', 'agent']) },
      ['a Pod without the label is not injected'],
    ],
    [
      'a sidecar that started second',
      { facts: [fact(3, 'agent', 'started'), ...without('agent', 'started')] },
      ['agent runs before main starts'],
    ],
    [
      'a sidecar that had ended when main started',
      { facts: [fact(1.5, 'agent', 'exited', 0), ...facts] },
      ['agent runs before main starts', 'agent ends by itself, exit code 0, within its 10 s'],
    ],
    [
      'an early signal',
      { facts: [...without('agent', 'signalled'), fact(3, 'agent', 'signalled')] },
      ['agent gets SIGTERM once every main container has ended'],
    ],
    [
      'no signal',
      { facts: without('agent', 'signalled') },
      [
        'agent gets SIGTERM once every main container has ended',
        'agent ends by itself, exit code 0, within its 10 s',
      ],
    ],
    [
      'a killed sidecar',
      { facts: [...without('agent', 'exited'), fact(5, 'agent', 'exited', 137)] },
      ['agent ends by itself, exit code 0, within its 10 s'],
    ],
    ['a drain beyond its limit', { drainSeconds: 1 }, ['agent ends by itself, exit code 0, within its 1 s']],
    [
      'a Pod that runs on',
      { pod: pod('mock', ['agent', 'main'], 'Running') },
      ['the Pod is Succeeded and the Job Complete'],
    ],
    ['a failed Job', { verdict: 'Failed' }, ['the Pod is Succeeded and the Job Complete']],
    ['a lost line', { shipped: lines(99) }, ['the sink holds exactly 100 lines, none twice']],
    ['a line twice', { shipped: [...lines(99), 'line 0'] }, ['the sink holds exactly 100 lines, none twice']],
  ])('fails %s by name', (_, change, names) => {
    expect(failed({ ...good, ...change })).toEqual(names);
  });

  it('says why nothing happened', () => {
    const story = {
      ...good,
      pod: undefined,
      facts: [],
      verdict: undefined,
      warning: 'Job mock: FailedCreate: denied',
    };
    const details = jobChecks(story).map(({ detail }) => detail);
    expect(details[0]).toBe('Job mock has no Pod; last warning: Job mock: FailedCreate: denied');
    expect(details).toContain('main never started; last warning: Job mock: FailedCreate: denied');
  });

  it('expects no sidecar where the SidecarSet does not select the Pod, and no number of lines where the Job names none', () => {
    const story = {
      ...good,
      sidecars: [],
      bystander: undefined,
      pod: pod('mock', ['main'], 'Succeeded'),
      lines: undefined,
    };
    expect(jobChecks(story).map(({ name, ok }) => [name, ok])).toEqual([
      ["the Job's Pod is left alone", true],
      ['the Pod is Succeeded and the Job Complete', true],
      ['no line is in the sink twice', true],
    ]);
  });
});
