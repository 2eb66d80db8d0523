import type { Clock } from '../../../../shared/io/ports.ts';
import type { Admission } from './admission/admission.ts';
import type { Authorizer } from './authorization/authorizer.ts';
import type { Converter } from './conversion/converter.ts';
import type { Registry } from './registry.ts';
import type { Store } from './store.ts';

/** What every verb works with. */
export interface Core {
  clock: Clock;
  store: Store;
  registry: Registry;
  converter: Converter;
  authorizer: Authorizer;
  admission: Admission;
}
