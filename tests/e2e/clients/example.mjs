// Runs the example of docs/how-to/send-from-javascript.md with a model that takes 30 ms, and fails where it is asked to.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';

globalThis.callModel = async (question) => {
  await wait(30);
  if (question === 'too much') throw new DOMException('Request timed out.', 'TimeoutError');
  if (question === 'hang up') throw new DOMException('The user gave up.', 'AbortError');
  return { inputTokens: 812, outputTokens: 164, text: 'Gladly.' };
};
const { answer } = await import('./page.mjs'); // it calls what was just defined

const answers = await Promise.all(['How?', 'How?', 'How?'].map(answer));
await assert.rejects(answer('too much'), { name: 'TimeoutError' });
await assert.rejects(answer('hang up'), { name: 'AbortError' });
console.log(JSON.stringify(answers.map(({ id }) => id)));
