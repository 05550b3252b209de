import { setImmediate as endOfTurn } from 'node:timers/promises';

/**
 * Asks together what is asked for in one turn of the event loop: a round trip and its fixed cost are then shared by all
 * that were ready at the same time. Nobody waits for others to become ready.
 * @param askAll gives the answers in the order of the questions; a rejection is everybody's
 * @param most so many at a time
 */
export function gather<Question, Answer>(
  askAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  most: number,
): (question: Question) => Promise<Answer> {
  let batch: { readonly questions: Question[]; readonly answers: Promise<readonly Answer[]> } | undefined;

  const open = () => {
    const questions: Question[] = [];
    const opened = {
      questions,
      answers: endOfTurn().then(() => {
        if (batch === opened) batch = undefined;
        return askAll(questions);
      }),
    };
    return opened;
  };

  return async (question) => {
    if (batch === undefined || batch.questions.length === most) batch = open();
    const { questions, answers } = batch;
    const place = questions.push(question) - 1;
    const answer = (await answers)[place];
    if (answer === undefined)
      throw new TypeError(`Of ${questions.length} questions, number ${place} has no answer.`);
    return answer;
  };
}
