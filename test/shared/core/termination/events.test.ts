import { expect, it } from 'vitest';
import { givenUpEvent } from '../../../../shared/core/termination/events.ts';
import { NOW, secondsAgo, sidePod } from './setting.ts';

it('tells the owner of the Pod what was tried', () => {
  expect(givenUpEvent(sidePod(), 'side', 'tried exec', NOW)).toMatchObject({
    metadata: { name: 'uid-x.side.given-up', namespace: 'default' },
    type: 'Warning',
    reason: 'TerminationGivenUp',
    message: expect.stringMatching(/sidecar side does not end \(tried exec\)\./),
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'job-x', uid: 'uid-x' },
    firstTimestamp: secondsAgo(0),
    count: 1,
  });
});

it('has one name for one container of one Pod, so that it is told once', () => {
  const nameOf = (uid: string, container: string): string => {
    const pod = sidePod();
    return givenUpEvent({ ...pod, metadata: { ...pod.metadata, uid } }, container, '', NOW).metadata.name;
  };
  const names = [nameOf('u', 'a'), nameOf('u', 'b'), nameOf('v', 'a'), nameOf('u', 'a')];
  expect(new Set(names).size).toBe(3);
});
