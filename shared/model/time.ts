/** RFC 3339 with whole seconds, as Kubernetes writes `metav1.Time`. */
export const wholeSeconds = (moment: Date): string => `${moment.toISOString().slice(0, 19)}Z`;
