import { checkWiring } from './wiring/check.ts';
import { type FunctionContext, functionWiring } from './wiring/functions.ts';
import {
  type Account,
  busWiring,
  declarations,
  ENDPOINT_UNKNOWN,
  queueWiring,
  ruleWiring,
  template,
} from './wiring/resources.ts';
import type { FunctionWiring, Wiring } from './wiring/types.ts';
import { DEFAULT_REGION, resolveVariables } from './wiring/variables.ts';

export interface WiringOptions {
  /** Path of serverless.yml. */
  file: string;
  /** Values of `${param:...}`. */
  parameters: Record<string, string>;
  stage: string;
}

/** As AWS's own documentation writes an account that is nobody's. */
const ACCOUNT_ID = '000000000000';

/**
 * What serverless.yml wires together: functions, routes, queues, rules, schedules. Nothing of it is said again in code.
 *
 * @throws {WiringError} naming file and path of whatever is wrong there, or can't be played by the local machine
 */
export const readWiring = ({ file, parameters, stage }: WiringOptions): Wiring => {
  const root = resolveVariables({ file, parameters, stage, accountId: ACCOUNT_ID });
  const provider = root.get('provider');
  const region = provider.get('region');
  const prefix = `${root.get('service').text()}-${stage}`;
  const account: Account = {
    region: region.isAbsent ? DEFAULT_REGION : region.text(),
    accountId: ACCOUNT_ID,
    prefix,
  };
  const found = declarations(root);
  const known = template(found, account, ENDPOINT_UNKNOWN);
  const context: FunctionContext = {
    file,
    prefix,
    provider,
    template: (url) => template(found, account, url),
  };
  const functions: FunctionWiring[] = root
    .get('functions')
    .entries()
    .map(([name, cursor]) => functionWiring(name, cursor, context));
  const wiring: Wiring = {
    region: account.region,
    accountId: ACCOUNT_ID,
    functions,
    buses: found.buses.map((bus) => busWiring(bus, account)),
    queues: found.queues.map((queue) => queueWiring(queue, account, known)),
    rules: found.rules.map((rule) => ruleWiring(rule, account, known)),
  };
  checkWiring(wiring, file);
  return wiring;
};
