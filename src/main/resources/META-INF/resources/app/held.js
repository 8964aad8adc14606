// The number of held steps and of steps that follow them, the same for the notice, the tab, the plan and the alert.
import { count } from './format.js';

export const waiting = stack => stack.heldSteps.held + stack.heldSteps.following;

export function waitingWords(stack) {
  const { held, following } = stack.heldSteps;
  // No approval releases these steps: only a publication changes the mode.
  if (stack.mode === 'Observe') return 'The mode is Observe: nothing is written';
  const all = `${count(waiting(stack), 'step')} ${waiting(stack) === 1 ? 'waits' : 'wait'}`;
  return following === 0 ? `${all} for a person`
    : `${all}: ${held} ${held === 1 ? 'is' : 'are'} held, ${following} ${following === 1 ? 'follows' : 'follow'}`;
}
