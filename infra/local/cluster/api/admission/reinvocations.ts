import type { Hook } from './hooks.ts';

/**
 * Remembers which webhooks want to see the object again, as it was changed after they were asked. It goes on counting in
 * the second round: a webhook that changes the object there has the later ones asked again, not the earlier ones.
 */
export const createReinvocations = () => {
  const again = new Set<Hook>();
  let asked: Hook[] = [];
  return {
    again,
    note(hook: Hook, changed: boolean) {
      if (changed) {
        for (const earlier of asked) again.add(earlier);
        asked = [];
      }
      if (hook.reinvokes && !asked.includes(hook)) asked.push(hook);
    },
  };
};
