import pc from 'picocolors';
import { SetupError } from '../infra/local/setupError.ts';
import { EXIT, UserFacingError } from './failure.ts';
import { Interruption } from './interruption.ts';

/** Runs a command to its exit code: people get sentences, only faults of ours get a stack. */
export const runCommand = async (command: () => Promise<number>): Promise<void> => {
  try {
    process.exitCode = await command();
  } catch (fault) {
    if (fault instanceof Interruption) {
      console.error(`\n${fault.message}: everything that ran here was stopped and removed`);
      process.exitCode = fault.exitCode;
    } else if (fault instanceof UserFacingError || fault instanceof SetupError) {
      console.error(`${pc.red('error')}: ${fault.message}`);
      process.exitCode = EXIT.badInput;
    } else {
      console.error(fault);
      process.exitCode = EXIT.checkFailed;
    }
  }
};
