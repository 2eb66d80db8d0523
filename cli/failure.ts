/** Something that the person at the keyboard can put right: printed as one message, without a stack. */
export class UserFacingError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UserFacingError';
  }
}

/** Exit codes of every command. */
export const EXIT = { ok: 0, checkFailed: 1, badInput: 2, interrupted: 130, terminated: 143 } as const;
