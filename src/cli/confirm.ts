import { RollcallError } from '../lib/errors.js';
import type { Session } from './session.js';

/**
 * Asks, on a terminal; anywhere else nobody can answer.
 * @throws ROLLCALL_ERR_NOT_CONFIRMED where the answer is no, or there is nobody to ask
 */
export async function confirm(question: string, { out, signal }: Session): Promise<void> {
  if (!out.interactive)
    throw new RollcallError('ROLLCALL_ERR_NOT_CONFIRMED', `${question} There is no terminal to ask on.`, {
      hint: 'Look at the number, and add --yes.',
    });
  const { confirm: ask } = await import('@clack/prompts');
  const answer = await ask({ message: question, initialValue: false, signal });
  if (answer !== true) throw new RollcallError('ROLLCALL_ERR_NOT_CONFIRMED', 'Nothing was done.');
}
