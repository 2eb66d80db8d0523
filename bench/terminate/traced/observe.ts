import { handler as observe } from '../../../functions/observe/handler.ts';
import { inReview } from '../trace.ts';

export const handler: typeof observe = (event, context) => inReview(event, () => observe(event, context));
