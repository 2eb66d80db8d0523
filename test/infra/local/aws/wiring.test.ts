import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWiring } from '../../../../infra/local/aws/wiring.ts';

const QUEUE = `
resources:
  Resources:
    Bus: { Type: AWS::Events::EventBus, Properties: { Name: events } }
    Work: { Type: AWS::SQS::Queue, Properties: { QueueName: work, VisibilityTimeout: 60 } }
`;

describe('the wiring in serverless.yml', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wiring-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Writes the files and reads them; `§{` stands for `${`. */
  const read = (text: string, others: Record<string, string> = {}) => {
    for (const [name, content] of Object.entries({ ...others, 'serverless.yml': text })) {
      writeFileSync(join(folder, name), content.replaceAll('§{', '${'));
    }
    const file = join(folder, 'serverless.yml');
    return readWiring({ file, stage: 'dev', parameters: { size: '256', queue: 'work' } });
  };
  const refusal = (text: string, others: Record<string, string> = {}): string => {
    try {
      read(text, others);
      return 'none';
    } catch (fault) {
      return fault instanceof Error ? fault.message.replaceAll(`${folder}/`, '') : String(fault);
    }
  };
  /** A service with one function of these lines. */
  const service = (lines: string, more = QUEUE): string =>
    `service: s\nprovider: { name: aws, region: eu-west-1 }\nfunctions:\n  f:\n    handler: src/f.handler\n    ${lines}\n${more}`;

  describe('values', () => {
    it.each<[string, string, string]>([
      ['a text', 'plain', 'plain'],
      ['a number', '12', '12'],
      ['a parameter', '§{param:queue}', 'work'],
      ['a parameter with a default that is not needed', "§{param:queue, 'other'}", 'work'],
      ['the default of a parameter', "§{param:none, 'other'}", 'other'],
      ['an empty default', '§{param:none, ""}', ''],
      ['the stage', 'a-§{sls:stage}-b', 'a-dev-b'],
      ['region and account', '§{aws:region}/§{aws:accountId}', 'eu-west-1/000000000000'],
      ['another place of the file', '§{self:custom.name}', 'n-dev'],
      ['a part of another file', '§{file(more.yml):names.own}', 'own-dev'],
      ["a queue's URL", '!Ref Work', 'http://here:1/000000000000/work'],
      ["a bus's name", '{ Ref: Bus }', 'events'],
      ["a queue's ARN", '!GetAtt Work.Arn', 'arn:aws:sqs:eu-west-1:000000000000:work'],
      ["a queue's name, long form", '{ "Fn::GetAtt": [Work, QueueName] }', 'work'],
      ["a bus's ARN", '!GetAtt Bus.Arn', 'arn:aws:events:eu-west-1:000000000000:event-bus/events'],
      ['a pseudo parameter', '!Ref AWS::Region', 'eu-west-1'],
      ['a substitution', '!Sub "§{Work.QueueName}@§{AWS::AccountId}:§{Bus}"', 'work@000000000000:events'],
      ['a join', '{ "Fn::Join": ["-", [a, !Ref Bus, "§{sls:stage}"]] }', 'a-events-dev'],
    ])('%s', (_, value, expected) => {
      const text = service(`environment:\n      X: ${value}`, `custom: { name: 'n-§{sls:stage}' }\n${QUEUE}`);
      const [own] = read(text, { 'more.yml': "names: { own: 'own-§{sls:stage}' }" }).functions;
      expect(own?.environment('http://here:1')).toEqual({ X: expected });
    });

    it.each<[string, string, RegExp]>([
      [
        'a parameter without value or default',
        "'§{param:none}'",
        /^serverless\.yml: functions\.f\.environment\.X: param:none has no value/,
      ],
      [
        'a source that it does not know',
        "'§{ssm:/a/b}'",
        /functions\.f\.environment\.X: the variable ssm:\/a\/b is not supported/,
      ],
      ['a variable within a variable', "'§{param:none, §{sls:stage}}'", /variables within variables/],
      ['a default without quotes', "'§{param:none, plain}'", /must be a text in quotes/],
      ['a reference to itself', "'§{self:functions.f.environment.X}'", /refers to itself/],
      ['a mapping within a text', "'a-§{self:provider}'", /self:provider is no text/],
      ['a missing file', "'§{file(none.yml)}'", /none\.yml: can't be read/],
      ['an unknown resource', '!Ref Nobody', /functions\.f\.environment\.X\.Ref: no Nobody to refer to/],
      ['an unknown attribute', '!GetAtt Work.Url', /no Work\.Url to refer to/],
      ['an unknown intrinsic function', '{ "Fn::ImportValue": x }', /Fn::ImportValue is not supported here/],
      ['an unknown tag', '!ImportValue x', /^serverless\.yml: Unresolved tag: !ImportValue/],
      ['a list', '[a]', /must be a mapping/],
    ])('refuses %s', (_, value, problem) => {
      expect(refusal(service(`environment:\n      X: ${value}`))).toMatch(problem);
    });
  });

  it('names the included file in which something is wrong', () => {
    const included = 'Resources:\n  Work:\n    Type: AWS::SQS::Queue\n    Properties: { FifoQueue: true }\n';
    expect(refusal(service('', 'resources:\n  - §{file(queues.yml)}'), { 'queues.yml': included })).toBe(
      'queues.yml: Resources.Work.Properties: FifoQueue is not supported here',
    );
  });

  it('takes settings from the provider where a function has none', () => {
    const provider =
      'provider: { name: aws, timeout: 7, memorySize: "§{param:size}", environment: { A: p, B: p } }';
    const functions = 'functions: { f: { handler: src/f.run, environment: { B: f } } }';
    const [own] = read(`service: s\n${provider}\n${functions}`).functions;
    expect(own).toMatchObject({
      functionName: 's-dev-f',
      timeoutSeconds: 7,
      memoryMegabytes: 256,
      handler: { module: join(folder, 'src/f'), exported: 'run' },
    });
    expect(own?.environment('')).toEqual({ A: 'p', B: 'f' });
  });

  it('reads every form of an event', () => {
    const events = `events:
      - httpApi: post /a/{b}
      - httpApi: { method: GET, path: /c }
      - sqs: { arn: !GetAtt Work.Arn, batchSize: 5, maximumConcurrency: 2, functionResponseType: ReportBatchItemFailures }
      - sqs: { arn: !GetAtt Work.Arn, enabled: false }
      - schedule: { method: scheduler, rate: [rate(1 minute), rate(2 hours)], input: { a: 1 } }`;
    expect(read(service(events)).functions[0]).toMatchObject({
      routes: [
        { method: 'POST', path: '/a/{b}' },
        { method: 'GET', path: '/c' },
      ],
      queueSources: [
        {
          queueArn: 'arn:aws:sqs:eu-west-1:000000000000:work',
          batchSize: 5,
          maximumConcurrency: 2,
          partialAnswers: true,
        },
      ],
      schedules: [
        { everyMilliseconds: 60_000, input: { a: 1 } },
        { everyMilliseconds: 7_200_000, input: { a: 1 } },
      ],
    });
  });

  it.each<[string, string, RegExp]>([
    ['a function setting that it does not play', 'url: true', /functions\.f: url is not supported/],
    [
      'an event that it does not play',
      'events: [{ sns: topic }]',
      /functions\.f\.events\.0: sns is not supported/,
    ],
    ['a catch-all route', "events: [{ httpApi: '*' }]", /events\.0\.httpApi: must be a method and a path/],
    ['a greedy route', "events: [{ httpApi: 'GET /{all+}' }]", /without a greedy parameter/],
    [
      'an authorizer',
      'events: [{ httpApi: { method: GET, path: /a, authorizer: { type: aws_iam } } }]',
      /authorizer is not supported/,
    ],
    [
      'a batching window',
      'events: [{ sqs: { arn: a, maximumBatchingWindow: 1 } }]',
      /maximumBatchingWindow is not supported/,
    ],
    [
      'a batch above 10',
      'events: [{ sqs: { arn: a, batchSize: 11 } }]',
      /more than 10 needs a batching window/,
    ],
    [
      'a schedule of the event bus',
      'events: [{ schedule: { rate: [rate(1 minute)] } }]',
      /method: undefined is not supported/,
    ],
    [
      'a cron schedule',
      "events: [{ schedule: { method: scheduler, rate: ['cron(0 0 * * ? *)'] } }]",
      /rate\.0: cron.* is not supported/,
    ],
    [
      'a queue that is not in the file',
      'events: [{ sqs: { arn: "arn:aws:sqs:a:b:c" } }]',
      /f: arn:aws:sqs:a:b:c is no queue/,
    ],
    [
      'a timeout longer than its queue hides a message',
      'timeout: 61\n    events: [{ sqs: { arn: !GetAtt Work.Arn } }]',
      /visibility timeout of its queue is shorter/,
    ],
  ])('refuses %s', (_, lines, problem) => {
    expect(refusal(service(lines))).toMatch(problem);
  });

  it.each<[string, string, RegExp]>([
    [
      'a resource that moves events and is not played',
      'Pipe: { Type: "AWS::Pipes::Pipe" }',
      /AWS::Pipes::Pipe is not supported/,
    ],
    [
      'a rule with an input of its own',
      'R: { Type: "AWS::Events::Rule", Properties: { EventBusName: b, EventPattern: { source: [a] }, Targets: [{ Id: t, Arn: a, Input: "{}" }] } }',
      /Input is not supported/,
    ],
    [
      'a rule that is off',
      'R: { Type: "AWS::Events::Rule", Properties: { EventBusName: b, State: DISABLED } }',
      /"DISABLED" is not supported/,
    ],
    [
      'a rule on a schedule',
      'R: { Type: "AWS::Events::Rule", Properties: { ScheduleExpression: rate(1 minute) } }',
      /ScheduleExpression is not supported/,
    ],
    [
      'a rule on an unknown bus',
      'R: { Type: "AWS::Events::Rule", Properties: { EventBusName: b, EventPattern: { source: [a] } } }',
      /b is no event bus/,
    ],
    [
      'dead letters without a queue',
      'Q: { Type: "AWS::SQS::Queue", Properties: { RedrivePolicy: { deadLetterTargetArn: "arn:x", maxReceiveCount: 5 } } }',
      /Q: arn:x is no queue/,
    ],
  ])('refuses %s', (_, resource, problem) => {
    expect(refusal(service('', `resources:\n  Resources:\n    ${resource}`))).toMatch(problem);
  });

  it('passes over permissions and alarms', () => {
    const resources =
      'resources: { Resources: { P: { Type: "AWS::SQS::QueuePolicy" }, A: { Type: "AWS::CloudWatch::Alarm" } } }';
    expect(read(service('', resources)).queues).toEqual([]);
  });
});
