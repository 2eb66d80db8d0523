import { describe, expect, it } from 'vitest';
import { negotiate } from '../../../../../infra/local/cluster/face/accept.ts';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

describe('negotiate', () => {
  it.each([
    [undefined, 'object'],
    ['', 'object'],
    ['application/json, */*', 'object'],
    ['application/json;stream=watch', 'object'],
    [`${TABLE},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json`, 'table'],
    ['application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json', 'object'],
    ['application/vnd.kubernetes.protobuf, application/json', 'object'],
    ['application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json', 'metadata'],
    ['application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', 'aggregated-discovery'],
    ['application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json', 'object'],
  ])('answers %s with %s', (header, kind) => {
    expect(negotiate(header).kind).toBe(kind);
  });

  it('hands the API core the alternative that it chose', () => {
    const chosen = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
    const header = `application/vnd.kubernetes.protobuf;as=PartialObjectMetadata, ${chosen}`;
    expect(negotiate(header)).toEqual({ kind: 'metadata', accept: chosen });
  });

  it('refuses a client that takes nothing that is served', () => {
    expect(() => negotiate('application/vnd.kubernetes.protobuf')).toThrow(
      expect.objectContaining({ code: 406 }),
    );
  });
});
