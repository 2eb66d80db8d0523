import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { useMachine } from './machine.ts';

const machine = useMachine();

describe('the endpoint', () => {
  it('gives each entry of PutEvents its own result', async () => {
    await machine.start();
    const entry = { Source: 's', DetailType: 't', Detail: '{}', EventBusName: 'fixture-test' };
    const entries = [
      entry,
      { ...entry, Detail: 'no JSON' },
      { ...entry, EventBusName: 'other' },
      { ...entry, Source: '' },
    ];
    const answer = await new EventBridgeClient({}).send(new PutEventsCommand({ Entries: entries }));
    expect(answer.FailedEntryCount).toBe(3);
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'InvalidArgument',
      'InvalidArgument',
    ]);
  });

  it('refuses more than 10 entries', async () => {
    await machine.start();
    const Entries = Array.from({ length: 11 }, () => ({ Source: 's', DetailType: 't', Detail: '{}' }));
    await expect(new EventBridgeClient({}).send(new PutEventsCommand({ Entries }))).rejects.toThrow(
      /1 to 10 entries/,
    );
  });

  it('takes messages one by one and in batches', async () => {
    const { queues, endpointUrl } = await machine.start({ without: ['work'] });
    const QueueUrl = `${endpointUrl}/000000000000/fixture-test-WorkQueue`;
    const client = new SQSClient({});
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'ä', DelaySeconds: 3 }));
    const Entries = [
      { Id: '1', MessageBody: 'a' },
      { Id: '2', MessageBody: 'b', DelaySeconds: 901 },
    ];
    const answer = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['1']);
    expect(answer.Failed).toMatchObject([{ Id: '2', Code: 'InvalidParameterValue' }]);
    expect(queues.depth('WorkQueue')).toBe(2);
  });

  it('names what it refuses', async () => {
    const { endpointUrl } = await machine.start();
    await expect(new EventBridgeClient({}).send(new ListRulesCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'AWSEvents.ListRules is not supported here',
    });
    const QueueUrl = `${endpointUrl}/000000000000/other`;
    await expect(
      new SQSClient({}).send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' })),
    ).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });
});
