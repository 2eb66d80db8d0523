/** Which of a group's versions is preferred. */

const STAGES = ['alpha', 'beta', ''];

const rank = (version: string): [number, number, number] | undefined => {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!match) return undefined;
  return [STAGES.indexOf(match[2] ?? ''), Number(match[1]), Number(match[3] ?? 0)];
};

/** Kubernetes' version priority, best first: v2, v1, v1beta2, v1beta1, v1alpha1, then other names by the alphabet. */
export const byPriority = (left: string, right: string): number => {
  const [a, b] = [rank(left), rank(right)];
  if (a === undefined || b === undefined) {
    if (a !== b) return a === undefined ? 1 : -1;
    return left < right ? -1 : Number(left > right);
  }
  return b[0] - a[0] || b[1] - a[1] || b[2] - a[2];
};
