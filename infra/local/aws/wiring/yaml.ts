import { readFileSync } from 'node:fs';
import { parseDocument, type ScalarTag } from 'yaml';
import { WiringError } from './cursor.ts';

const tag = (name: string, key: string, value: (text: string) => unknown): ScalarTag => ({
  tag: `!${name}`,
  resolve: (text) => ({ [key]: value(text) }),
});

/** CloudFormation's short forms; any other tag is refused. */
const TAGS = [
  tag('Ref', 'Ref', (text) => text),
  tag('GetAtt', 'Fn::GetAtt', (text) => {
    const [resource, ...attribute] = text.split('.');
    return [resource, attribute.join('.')];
  }),
  tag('Sub', 'Fn::Sub', (text) => text),
];

const readText = (path: string, file: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (fault) {
    throw new WiringError(file, `can't be read: ${fault instanceof Error ? fault.message : fault}`);
  }
};

/** One YAML file with CloudFormation's tags and merge keys. `file` is its name for people. */
export const readYaml = (path: string, file: string): unknown => {
  const document = parseDocument(readText(path, file), { customTags: TAGS, merge: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new WiringError(file, problem.message);
  return document.toJS();
};
