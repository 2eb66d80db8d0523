/** A variable that the function needs is missing or malformed: whoever installed it must act. Quotes no values. */
export class ConfigurationError extends Error {
  constructor(variable: string, problem: string) {
    super(`${variable}: ${problem}`);
    this.name = 'ConfigurationError';
  }
}

/**
 * What a function is told by its environment. Each value is looked at when it is asked for, so that a function needs
 * only the variables that it uses; a missing or malformed one throws a {@link ConfigurationError} that names it.
 */
export interface Configuration {
  readonly cluster: {
    readonly name: string;
    readonly endpoint: string;
    /** PEM. */
    readonly ca: string;
    readonly token: string;
  };
  /** Current and previous, in any order. */
  readonly pathTokens: string[];
  readonly eventBusName: string;
  /** The function's own queue. */
  readonly queueUrl: string;
  /** Image of the ephemeral containers by which `terminate` signals; '' (or no variable) for none. */
  readonly killerImage: string;
}

type Environment = Record<string, string | undefined>;

const pem = (encoded: string, name: string): string => {
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  if (decoded.includes('-----BEGIN CERTIFICATE-----')) return decoded;
  throw new ConfigurationError(name, 'must be a certificate (PEM) in base64');
};

const httpsUrl = (value: string, name: string): string => {
  if (URL.canParse(value) && new URL(value).protocol === 'https:') return value;
  throw new ConfigurationError(name, 'must be an https URL');
};

const tokens = (value: string, name: string): string[] => {
  const found = value.split(',').map((token) => token.trim());
  if (!found.includes('')) return found;
  throw new ConfigurationError(name, 'must be a comma list without empty entries');
};

/** Takes its own copy of `env`: what changes there later changes nothing here. */
export const readConfiguration = (env: Environment): Configuration => {
  const values = { ...env };
  const need = (name: string): string => {
    const value = values[name];
    if (value === undefined || value === '') throw new ConfigurationError(name, 'this variable must be set');
    return value;
  };
  return {
    cluster: {
      get name() {
        return need('CLUSTER_NAME');
      },
      get endpoint() {
        return httpsUrl(need('CLUSTER_ENDPOINT'), 'CLUSTER_ENDPOINT');
      },
      get ca() {
        return pem(need('CLUSTER_CA'), 'CLUSTER_CA');
      },
      get token() {
        return need('CLUSTER_TOKEN');
      },
    },
    get pathTokens() {
      return tokens(need('PATH_TOKENS'), 'PATH_TOKENS');
    },
    get eventBusName() {
      return need('EVENT_BUS_NAME');
    },
    get queueUrl() {
      return need('QUEUE_URL');
    },
    get killerImage() {
      return values['KILLER_IMAGE'] ?? '';
    },
  };
};
