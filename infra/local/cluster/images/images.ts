import { createHash } from 'node:crypto';
import { parseReference } from '../../../../shared/contracts/imageReference.ts';
import { ilogtailImage } from './ilogtail/image.ts';
import type { Image } from './image.ts';
import { mockLogImage } from './mockLog/image.ts';

export interface Images {
  /** `undefined` for an image that is not known; a reference without a tag means `latest`. */
  find(reference: string): FoundImage | undefined;
  /** Every reference that is known, sorted; repositories of which any tag is known come last, as `name:*`. */
  known: string[];
}

export interface FoundImage extends Image {
  /** `<repository>@sha256:<digest of the reference>`, as a container status has it. */
  id: string;
}

export interface ImageOptions {
  /** Existing directory in which the log agents write `<Topic>.jsonl`, in place of a message broker. */
  sink: string;
  /** More images, by their whole reference. */
  more?: ReadonlyMap<string, Image>;
}

const MOCK_LOG = 'registry.cn-hangzhou.aliyuncs.com/log-service/docker-log-test';
const ILOGTAIL = 'sls-opensource-registry.cn-shanghai.cr.aliyuncs.com/ilogtail-community-edition/ilogtail';

/** Nothing but the host's shell and tools. */
const localBusybox: Image = { entrypoint: ['/bin/sh'], cmd: [], env: {}, files: {}, directories: [] };
/** The same, started as the image of that name is: `args` alone are a command. */
const busybox: Image = { ...localBusybox, entrypoint: [], cmd: ['sh'] };

const EXIT = '/exit';

/** What a container is made to run that is to end: it exits 0 at once, whatever its `command` says. */
const exitImage: Image = {
  entrypoint: [EXIT],
  cmd: [],
  env: {},
  files: { [EXIT]: '#!/bin/sh\nexit 0\n' },
  directories: [],
  shell: false,
  atEveryPath: [EXIT],
};

/** By the name that Docker Hub would have for it. */
const ANY_TAG: ReadonlyMap<string, Image> = new Map([
  ['docker.io/library/busybox', busybox],
  ['docker.io/library/sidecarset-exit', exitImage],
]);
const shortNames = [...ANY_TAG.keys()].map((name) => `${name.slice(name.lastIndexOf('/') + 1)}:*`);

/** Registry and repository count to the letter; only the listed tags are there. */
const withTag = (reference: string): string =>
  reference.slice(reference.lastIndexOf('/') + 1).includes(':') ? reference : `${reference}:latest`;

const digestOf = (reference: string): string =>
  `sha256:${createHash('sha256').update(reference).digest('hex')}`;

export const createImages = ({ sink, more = new Map() }: ImageOptions): Images => {
  const images = new Map<string, Image>([
    ['local/busybox:latest', localBusybox],
    [`${MOCK_LOG}:latest`, mockLogImage],
    [`${ILOGTAIL}:edge`, ilogtailImage('edge', sink)],
    [`${ILOGTAIL}:latest`, ilogtailImage('latest', sink)],
    ...more,
  ]);
  return {
    known: [...[...images.keys()].sort(), ...shortNames],
    find(reference) {
      const parts = parseReference(reference);
      if (parts.kind === 'invalid') return undefined;
      const full = withTag(reference);
      const image = images.get(full) ?? ANY_TAG.get(parts.repository);
      const [repository] = full.slice(full.lastIndexOf('/') + 1).split(/[:@]/);
      const place = full.slice(0, full.lastIndexOf('/') + 1);
      return image && { ...image, id: `${place}${repository}@${parts.digest ?? digestOf(full)}` };
    },
  };
};
