import { ContractError } from '../../shared/contracts/parse.ts';
import type { Digest } from '../../shared/core/revision/hash.ts';
import type { Log } from '../../shared/io/ports.ts';
import { type Admitted, admitDefaults, admitValid, type ValidationPorts } from './admit.ts';
import { convert } from './convert.ts';

export interface SidecarSetPorts extends ValidationPorts {
  digest: Digest;
  log: Log;
}

/**
 * Answers the routes `sidecarset/default`, `sidecarset/validate` and `sidecarset/convert`.
 *
 * Rejects when the cluster can't be read: the webhook's failurePolicy decides then.
 *
 * @throws {ContractError} on another path, and on a body that is no review of that kind
 */
export const createSidecarset = ({ digest, read, loadRegex, log }: SidecarSetPorts) => {
  const defaults = admitDefaults(digest);
  const valid = admitValid({ read, loadRegex });

  const admitted = ({ code, name, review }: Admitted): unknown => {
    log.info('a SidecarSet was reviewed', { code, name });
    return review;
  };

  return async (body: unknown, path: string): Promise<unknown> => {
    switch (path) {
      case 'sidecarset/default':
        return admitted(await defaults(body));
      case 'sidecarset/validate':
        return admitted(await valid(body));
      case 'sidecarset/convert': {
        const { code, review } = convert(body);
        if (code !== undefined) log.warn('a SidecarSet was not converted', { code });
        return review;
      }
      default:
        throw new ContractError(
          'path',
          'must be sidecarset/default, sidecarset/validate or sidecarset/convert',
        );
    }
  };
};
