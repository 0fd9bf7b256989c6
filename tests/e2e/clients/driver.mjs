// Does what it is told, line by line, with the module of docs/how-to/send-from-javascript.md; ends as a program does.
import { createInterface } from 'node:readline';

import { Vitals } from './vitals.mjs';

const vitals = new Vitals(JSON.parse(process.argv[2]));
globalThis.vitals = vitals;
await import('./sigterm.mjs'); // it sets a handler that uses it

const deeds = {
  record: (events) => events.map(({ prompt, ...fields }) => vitals.record(prompt, fields)),
  measure_unwritable: () => vitals.measure('greeting', {}, (run) => {
    run.itself = run;
    return 'done';
  }),
  flush: (seconds) => vitals.flush(seconds),
  counts: () => ({ dropped: vitals.dropped, refused: vitals.refused }),
};
for await (const line of createInterface({ input: process.stdin })) {
  const [deed, argument] = JSON.parse(line);
  console.log(JSON.stringify(await deeds[deed](argument)));
}
