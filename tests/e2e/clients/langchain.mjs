// Runs the example of docs/how-to/send-from-langchain.md, and what else LangChain's models, chains and tools do.
import assert from 'node:assert/strict';

import { RunnableLambda } from '@langchain/core/runnables';
import { tool } from '@langchain/core/tools';
import { FakeListChatModel, FakeLLM } from '@langchain/core/utils/testing';
import { ChatOpenAI } from '@langchain/openai';

import { answer } from './page.mjs';
import { VitalsHandler } from './vitals-langchain.mjs';
import { Vitals } from './vitals.mjs';

const callbacks = [new VitalsHandler(new Vitals())];

// The page's example: three answers, and one error.
const answers = await Promise.all(['How?', 'When?', 'Where?'].map((question) => answer(question, 's-77')));
assert.deepEqual(answers, ['Gladly.', 'Gladly.', 'Gladly.']);
await assert.rejects(answer('too long', 's-78'), /maximum context length/);

// A stream, of a model by itself.
const model = new ChatOpenAI({ model: 'gpt-4o-mini', maxTokens: 50 });
const prompted = (prompt) => ({ callbacks, metadata: { prompt, version: 'v1', environment: 'test' } });
let text = '';
for await (const chunk of await model.stream('How?', prompted('streamed'))) text += chunk.content;
assert.equal(text, 'Gladly.');

// One that nobody reads to its end.
for await (const chunk of await model.stream('How?', prompted('abandoned'))) {
  assert.equal(chunk.content, '');
  break;
}

// A tool that asks a model, in a chain that asks two of its own, one of which fails and is made good.
const own = (prompt) => ({ metadata: { prompt, version: 'v3' } });
const fake = (prompt, more) => new FakeListChatModel({ responses: ['Yes.'], ...own(prompt), ...more });
const look = tool(async (_input, config) => (await fake('agent/look').invoke('Look.', config)).content, {
  name: 'look', description: 'Looks.', schema: { type: 'object', properties: {} },
});
const agent = RunnableLambda.from(async (input, config) => {
  await look.invoke({}, config);
  const check = new ChatOpenAI({ model: 'gpt-4o', ...own('agent/check') });
  await assert.rejects(check.invoke('too long', config));
  return fake('agent/sum', { sleep: 5 }).invoke(input, config);
});
const around = { prompt: 'overruled', version: 'v1', user: 'u-1' };
await agent.invoke('What is it?', { callbacks, runName: 'agent', metadata: around });

// A model that is no chat, without a name of its own.
await new FakeLLM({ response: 'Yes.' }).invoke('How?', { callbacks });
