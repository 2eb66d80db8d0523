/** `resources` of containers (`ValidateContainerResourceRequirements` of Kubernetes). */
import type { Container, StatusCause } from '../../model/kubernetes.ts';
import { compareQuantities } from '../revision/quantity.ts';
import { invalid } from './cause.ts';
import { labelKey } from './names.ts';

const LISTS = ['limits', 'requests'] as const;

/** Names that are names, nothing below zero, and no request above its limit. */
export const validateResources = ({ resources }: Container, field: string): StatusCause[] => {
  const { limits = {}, requests = {} } = resources ?? {};
  return [
    ...LISTS.flatMap((list) =>
      Object.entries(resources?.[list] ?? {}).flatMap(([name, amount]) => {
        const at = `${field}.resources.${list}[${name}]`;
        return [
          ...labelKey(name, at),
          ...((compareQuantities(String(amount), '0') ?? 0) < 0
            ? [invalid(at, 'must be greater than or equal to 0')]
            : []),
        ];
      }),
    ),
    ...Object.entries(requests).flatMap(([name, amount]) => {
      const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
      return limit !== undefined && (compareQuantities(String(amount), String(limit)) ?? 0) > 0
        ? [
            invalid(
              `${field}.resources.requests[${name}]`,
              `must be less than or equal to its limit of ${limit}`,
            ),
          ]
        : [];
    }),
  ];
};
