/** What serverless.yml says, as far as it matters to a running system. */
export interface Wiring {
  region: string;
  accountId: string;
  functions: FunctionWiring[];
  buses: BusWiring[];
  rules: RuleWiring[];
  queues: QueueWiring[];
}

export interface FunctionWiring {
  /** Its key in serverless.yml. */
  name: string;
  /** As AWS would call it: `<service>-<stage>-<name>`. */
  functionName: string;
  /** The module's absolute path without its extension, and the name that it exports. */
  handler: { module: string; exported: string };
  timeoutSeconds: number;
  memoryMegabytes: number;
  /** A queue's URL starts with the endpoint, which is known only once it listens. */
  environment(endpointUrl: string): Record<string, string>;
  routes: Route[];
  queueSources: QueueSource[];
  schedules: Schedule[];
}

export interface Route {
  method: string;
  /** With parameters in braces: `/{cluster}/{token}/inject`. */
  path: string;
}

export interface QueueSource {
  queueArn: string;
  batchSize: number;
  maximumConcurrency: number;
  /** Whether the answer may name the records that failed (`ReportBatchItemFailures`). */
  partialAnswers: boolean;
}

export interface Schedule {
  everyMilliseconds: number;
  input: unknown;
}

export interface BusWiring {
  name: string;
  arn: string;
}

export interface RuleWiring {
  name: string;
  arn: string;
  busName: string;
  pattern: unknown;
  targets: RuleTarget[];
}

export interface RuleTarget {
  id: string;
  queueArn: string;
  /** Deliveries within one process fail at once or never: read, but never needed here. */
  retry: { maximumAgeSeconds: number; maximumAttempts: number };
  deadLetterArn: string | undefined;
}

export interface QueueWiring {
  /** Logical id of the resource. */
  id: string;
  name: string;
  arn: string;
  visibilityTimeoutSeconds: number;
  delaySeconds: number;
  redrive: { deadLetterArn: string; maxReceiveCount: number } | undefined;
}
