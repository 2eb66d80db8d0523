import { createHash } from 'node:crypto';
import { ilogtailImage } from './ilogtail/image.ts';
import type { Image } from './image.ts';
import { mockLogImage } from './mockLog/image.ts';

export interface Images {
  /** `undefined` for an image that is not known; a reference without a tag means `latest`. */
  find(reference: string): FoundImage | undefined;
  /** Every reference that is known, sorted. */
  known: string[];
}

export interface FoundImage extends Image {
  /** `<repository>@sha256:<digest of the reference>`, as a container status has it. */
  id: string;
}

const MOCK_LOG = 'registry.cn-hangzhou.aliyuncs.com/log-service/docker-log-test';
const ILOGTAIL = 'sls-opensource-registry.cn-shanghai.cr.aliyuncs.com/ilogtail-community-edition/ilogtail';

/** Nothing but the host's shell and tools. */
const busybox: Image = { entrypoint: ['/bin/sh'], cmd: [], env: {}, files: {}, directories: [] };

/** Registry and repository count to the letter; only the listed tags are there. */
const withTag = (reference: string): string =>
  reference.slice(reference.lastIndexOf('/') + 1).includes(':') ? reference : `${reference}:latest`;

const digestOf = (reference: string): string =>
  `${reference.slice(0, reference.lastIndexOf(':'))}@sha256:${createHash('sha256').update(reference).digest('hex')}`;

/** `sink`: existing directory in which the log agents write `<Topic>.jsonl`, in place of a message broker. */
export const createImages = ({ sink }: { sink: string }): Images => {
  const images = new Map<string, Image>([
    ['local/busybox:latest', busybox],
    [`${MOCK_LOG}:latest`, mockLogImage],
    [`${ILOGTAIL}:edge`, ilogtailImage('edge', sink)],
    [`${ILOGTAIL}:latest`, ilogtailImage('latest', sink)],
  ]);
  return {
    known: [...images.keys()].sort(),
    find(reference) {
      const full = withTag(reference);
      const image = images.get(full);
      return image && { ...image, id: digestOf(full) };
    },
  };
};
