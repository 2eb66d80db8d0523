/** The process environment for a while: a value of `undefined` takes the variable away. */
export type Variables = Record<string, string | undefined>;

const put = (name: string, value: string | undefined): void => {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
};

/** Sets variables and returns what puts them back as they were. */
export const setVariables = (variables: Variables): (() => void) => {
  const before = Object.keys(variables).map((name): [string, string | undefined] => [
    name,
    process.env[name],
  ]);
  for (const [name, value] of Object.entries(variables)) put(name, value);
  return () => {
    for (const [name, value] of before) put(name, value);
  };
};

/** What makes the AWS SDK talk to `endpointUrl`, and to nothing else whatever the user's own settings are. */
export const sdkVariables = (endpointUrl: string, region: string): Variables => ({
  AWS_ENDPOINT_URL: endpointUrl,
  AWS_ENDPOINT_URL_SQS: undefined,
  AWS_ENDPOINT_URL_EVENTBRIDGE: undefined,
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: undefined,
  AWS_PROFILE: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_REGION: region,
});
