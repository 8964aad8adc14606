// The steps that are held, and those that follow them: one count for the notice, the tab and the plan, as in the alert.
import { count } from './format.js';

export const waiting = stack => stack.heldSteps.held + stack.heldSteps.following;

export function waitingWords(stack) {
  const { held, following } = stack.heldSteps;
  // Nobody can let these go one by one: the mode is changed by a publication.
  if (stack.mode === 'Observe') return 'The mode is Observe: nothing is written';
  const all = `${count(waiting(stack), 'step')} ${waiting(stack) === 1 ? 'waits' : 'wait'}`;
  return following === 0 ? `${all} for a person`
    : `${all}: ${held} ${held === 1 ? 'is' : 'are'} held, ${following} ${following === 1 ? 'follows' : 'follow'}`;
}
