/** The CloudFormation resources of serverless.yml that move events; those that can't be played here are refused. */
import type { Cursor } from './cursor.ts';
import { type LocalResource, resolveText, type Template } from './intrinsics.ts';
import type { BusWiring, QueueWiring, RuleTarget, RuleWiring } from './types.ts';

export interface Account {
  region: string;
  accountId: string;
  /** `<service>-<stage>`, before names that the file leaves to AWS. */
  prefix: string;
}

/** Before the endpoint listens; good for everything but a queue's URL. */
export const ENDPOINT_UNKNOWN = 'http://endpoint.invalid';

interface Declared {
  id: string;
  properties: Cursor;
}

export interface Declarations {
  buses: Declared[];
  queues: Declared[];
  rules: Declared[];
}

const MOVERS: Record<string, keyof Declarations> = {
  'AWS::Events::EventBus': 'buses',
  'AWS::SQS::Queue': 'queues',
  'AWS::Events::Rule': 'rules',
};

/** No event moves through these: permissions, and what only watches. */
const WITHOUT_EFFECT =
  /^AWS::(SQS::QueuePolicy|Events::EventBusPolicy|Lambda::Permission|(IAM|Logs|CloudWatch)::\w+)$/;

/** The `Resources` of all of the file's `resources`, sorted by what they are. */
export const declarations = (root: Cursor): Declarations => {
  const found: Declarations = { buses: [], queues: [], rules: [] };
  const parts = root.get('resources');
  for (const part of Array.isArray(parts.value) ? parts.items() : [parts]) {
    for (const [id, resource] of part.get('Resources').entries()) {
      const type = resource.get('Type').text();
      const kind = MOVERS[type];
      if (kind) found[kind].push({ id, properties: resource.get('Properties') });
      else if (!WITHOUT_EFFECT.test(type)) resource.refuse(`${type} is not supported here`);
    }
  }
  return found;
};

const nameOf = ({ id, properties }: Declared, key: string, { prefix }: Account): string => {
  const name = properties.get(key);
  return name.isAbsent ? `${prefix}-${id}` : name.text();
};

const arn = (service: string, resource: string, { region, accountId }: Account): string =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;

const pseudo = ({ region, accountId }: Account): Record<string, string> => ({
  'AWS::Region': region,
  'AWS::AccountId': accountId,
  'AWS::Partition': 'aws',
});

/** What `Ref` and `Fn::GetAtt` can refer to. A queue's `Ref` is its URL, so it needs the endpoint. */
export const template = (found: Declarations, account: Account, endpointUrl: string): Template => {
  const queue = (declared: Declared): [string, LocalResource] => {
    const name = nameOf(declared, 'QueueName', account);
    const attributes = { Arn: arn('sqs', name, account), QueueName: name };
    return [declared.id, { ref: `${endpointUrl}/${account.accountId}/${name}`, attributes }];
  };
  const bus = (declared: Declared): [string, LocalResource] => {
    const name = nameOf(declared, 'Name', account);
    return [
      declared.id,
      { ref: name, attributes: { Arn: arn('events', `event-bus/${name}`, account), Name: name } },
    ];
  };
  const resources = new Map([...found.queues.map(queue), ...found.buses.map(bus)]);
  return { resources, pseudo: pseudo(account) };
};

/** @throws {WiringError} for every property that changes what a queue does and is not played here */
export const queueWiring = ({ id, properties }: Declared, account: Account, known: Template): QueueWiring => {
  properties.only(
    'QueueName',
    'VisibilityTimeout',
    'DelaySeconds',
    'RedrivePolicy',
    ...['MessageRetentionPeriod', 'ReceiveMessageWaitTimeSeconds', 'RedriveAllowPolicy', 'Tags'],
    ...['SqsManagedSseEnabled', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds'],
  );
  const name = nameOf({ id, properties }, 'QueueName', account);
  const redrive = properties.get('RedrivePolicy');
  return {
    id,
    name,
    arn: arn('sqs', name, account),
    visibilityTimeoutSeconds: properties.get('VisibilityTimeout').number(30),
    delaySeconds: properties.get('DelaySeconds').number(0),
    redrive: redrive.isAbsent
      ? undefined
      : {
          deadLetterArn: resolveText(redrive.get('deadLetterTargetArn'), known),
          maxReceiveCount: redrive.get('maxReceiveCount').number(),
        },
  };
};

export const busWiring = (declared: Declared, account: Account): BusWiring => {
  declared.properties.only('Name', 'Description', 'Tags', 'KmsKeyIdentifier');
  const name = nameOf(declared, 'Name', account);
  return { name, arn: arn('events', `event-bus/${name}`, account) };
};

const ruleTarget = (target: Cursor, known: Template): RuleTarget => {
  target.only('Id', 'Arn', 'RetryPolicy', 'DeadLetterConfig');
  const retry = target.get('RetryPolicy');
  const deadLetters = target.get('DeadLetterConfig');
  return {
    id: target.get('Id').text(),
    queueArn: resolveText(target.get('Arn'), known),
    retry: {
      maximumAgeSeconds: retry.get('MaximumEventAgeInSeconds').number(86_400),
      maximumAttempts: retry.get('MaximumRetryAttempts').number(185),
    },
    deadLetterArn: deadLetters.isAbsent ? undefined : resolveText(deadLetters.get('Arn'), known),
  };
};

export const ruleWiring = (declared: Declared, account: Account, known: Template): RuleWiring => {
  const { properties } = declared;
  properties.only('Name', 'Description', 'EventBusName', 'EventPattern', 'State', 'Targets');
  properties.get('State').oneOf([undefined, 'ENABLED']);
  const name = nameOf(declared, 'Name', account);
  const busName = resolveText(properties.get('EventBusName'), known);
  return {
    name,
    busName,
    arn: arn('events', `rule/${busName}/${name}`, account),
    pattern: properties.get('EventPattern').fields(),
    targets: properties
      .get('Targets')
      .items()
      .map((target) => ruleTarget(target, known)),
  };
};
