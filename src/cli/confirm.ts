import { RollcallError } from '../lib/errors.js';
import type { Session } from './session.js';

/**
 * Asks, on a terminal; anywhere else nobody can answer.
 * @throws ROLLCALL_ERR_NOT_CONFIRMED where the answer is no, ROLLCALL_ERR_USAGE where there is nobody to ask
 */
export async function confirm(question: string, { out, signal }: Session): Promise<void> {
  if (!out.interactive)
    throw new RollcallError('ROLLCALL_ERR_USAGE', `${question} There is no terminal to ask on.`, {
      hint: 'Nothing was done. If the number is right, add --yes.',
    });
  const { confirm: ask } = await import('@clack/prompts');
  const answer = await ask({ message: question, initialValue: false, signal });
  if (answer !== true) throw new RollcallError('ROLLCALL_ERR_NOT_CONFIRMED', 'The answer was not yes.');
}
