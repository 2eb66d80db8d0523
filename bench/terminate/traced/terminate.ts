import { handler as terminate } from '../../../functions/terminate/handler.ts';
import { inRun } from '../trace.ts';

export const handler: typeof terminate = (event, context) => inRun(event, () => terminate(event, context));
