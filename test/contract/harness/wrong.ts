/** Wrong API servers that many cases are afraid of, by what they do to a request or an answer. */
import type { Answer, Json, Request } from './api.ts';
import type { Sabotage } from './contract.ts';

type Behaviour = Pick<Sabotage, 'behaviour'>['behaviour'];

/** Reads the request without some of its query parameters. */
export const ignoresQuery = (behaviour: Behaviour, ...names: string[]): Sabotage => ({
  behaviour,
  request: (request) => ({
    ...request,
    query: Object.fromEntries(Object.entries(request.query).filter(([name]) => !names.includes(name))),
  }),
});

/** Changes successful answers; a copy may be changed in place. */
export const answersWith = (
  behaviour: Behaviour,
  change: (body: Json, request: Request) => void,
): Sabotage => ({
  behaviour,
  answer: (answer, request) => {
    if (answer.status >= 300 || typeof answer.object !== 'object') return answer;
    const body = structuredClone(answer.object);
    change(body as unknown as Json, request);
    return { ...answer, object: body };
  },
});

/** Changes the body of a refusal. */
export const refusesWith = (behaviour: Behaviour, change: Json): Sabotage => ({
  behaviour,
  answer: (answer): Answer => {
    if (answer.status < 400) return answer;
    const failure = { ...answer.failure, ...change };
    return { ...answer, status: Number(failure.code ?? answer.status), failure };
  },
});

/** Changes the body of requests with one of these methods. */
export const reads = (
  behaviour: Behaviour,
  methods: Request['method'][],
  change: (body: Json) => void,
): Sabotage => ({
  behaviour,
  request: (request) => {
    if (!methods.includes(request.method) || typeof request.body !== 'object') return request;
    const body = structuredClone(request.body);
    change(body as Json);
    return { ...request, body };
  },
});

/** Says yes where it should refuse. */
export const agrees = (behaviour: Behaviour): Sabotage => ({
  behaviour,
  answer: (answer) => (answer.status >= 400 ? { ...answer, status: 200 } : answer),
});
