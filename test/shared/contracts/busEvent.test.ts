import { describe, expect, it } from 'vitest';
import { parseEnvelope } from '../../../shared/contracts/busEvent.ts';
import { ContractError } from '../../../shared/contracts/parse.ts';
import { toEntry } from '../../../shared/io/bus.ts';
import { createLater } from '../../../shared/io/later.ts';
import type { ClusterEvent } from '../../../shared/model/event.ts';

const event: ClusterEvent = {
  v: 1,
  cluster: 'c1',
  ref: { kind: 'Pod', namespace: 'default', name: 'web-0', uid: 'u1' },
  sets: ['logs'],
  resourceVersion: '41',
  calls: ['launch', 'terminate'],
  hops: 2,
  looks: 1,
  at: '2026-03-01T12:00:00Z',
};
const envelope = (detail: unknown, change: object = {}) =>
  JSON.stringify({ source: 'sidecarset-serverless', 'detail-type': 'Cluster Change', detail, ...change });

describe('the envelope of an event', () => {
  it('gives back what the bus was told', () => {
    const { Source, DetailType, Detail } = toEntry(event, 'bus');
    const body = JSON.stringify({
      version: '0',
      source: Source,
      'detail-type': DetailType,
      detail: JSON.parse(Detail),
    });
    expect(parseEnvelope(body)).toEqual(event);
  });

  it('gives back what was sent on', async () => {
    const bodies: string[] = [];
    const sendMessage = async ({ MessageBody }: { MessageBody: string }) => bodies.push(MessageBody);
    await createLater({ queueUrl: 'q', sendMessage }).send(event, 5);
    expect(parseEnvelope(bodies[0] ?? '')).toEqual(event);
  });

  it('takes a SidecarSet without namespace, uid and version', () => {
    const { resourceVersion: _, ...rest } = event;
    const set = { ...rest, ref: { kind: 'SidecarSet', name: 'logs' }, calls: ['rollout'] };
    expect(parseEnvelope(envelope(set))).toMatchObject({ ref: { kind: 'SidecarSet', name: 'logs' } });
  });

  it('leaves out what it does not know', () => {
    expect(parseEnvelope(envelope({ ...event, secret: 'x' }))).not.toHaveProperty('secret');
  });

  it.each<[string, string, string, string]>([
    ['no JSON', '{"a', 'body', 'InputMalformed'],
    ['a list', '[]', 'body', 'InputMalformed'],
    ['another source', envelope(event, { source: 'aws.ec2' }), 'source', 'InputMalformed'],
    ['another detail type', envelope(event, { 'detail-type': 'x' }), 'detail-type', 'InputMalformed'],
    ['no detail', envelope(undefined), 'detail', 'InputMalformed'],
    ['a later version', envelope({ ...event, v: 2 }), 'detail.v', 'EventVersionUnknown'],
    ['no cluster', envelope({ ...event, cluster: '' }), 'detail.cluster', 'InputMalformed'],
    [
      'another kind',
      envelope({ ...event, ref: { kind: 'Job', name: 'a' } }),
      'detail.ref.kind',
      'InputMalformed',
    ],
    [
      'a Pod without namespace',
      envelope({ ...event, ref: { kind: 'Pod', name: 'a' } }),
      'detail.ref.namespace',
      'InputMalformed',
    ],
    ['a set without name', envelope({ ...event, sets: ['a', ''] }), 'detail.sets[1]', 'InputMalformed'],
    ['an unknown call', envelope({ ...event, calls: ['dance'] }), 'detail.calls[0]', 'InputMalformed'],
    ['negative hops', envelope({ ...event, hops: -1 }), 'detail.hops', 'InputMalformed'],
    ['looks as text', envelope({ ...event, looks: '1' }), 'detail.looks', 'InputMalformed'],
    ['a broken time', envelope({ ...event, at: 'yesterday' }), 'detail.at', 'InputMalformed'],
  ])('refuses %s, naming field and code', (_, body, field, code) => {
    const parse = () => parseEnvelope(body);
    expect(parse).toThrow(ContractError);
    expect(parse).toThrow(expect.objectContaining({ field, code }));
  });

  it('quotes nothing of what it could not parse', () => {
    expect(() => parseEnvelope('{"password":"hunter2"')).toThrow(/^body: is not JSON$/);
  });
});
