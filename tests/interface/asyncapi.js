// contracts/asyncapi.json as a judge of messages.
import { readFileSync } from 'node:fs';

import addFormats from 'ajv-formats';
import Ajv from 'ajv';

export const messages = JSON.parse(readFileSync(new URL('../../contracts/asyncapi.json', import.meta.url), 'utf8'));

// The Schema Object of AsyncAPI 3.0 is JSON Schema draft 7.
const ajv = new Ajv.default({ allErrors: true, strict: false });
addFormats.default(ajv);
ajv.addSchema({ components: messages.components }, 'asyncapi');

/** What is wrong with a message of this name: nothing, or the errors as text. @param {string} name @param {unknown} payload */
export function wrongWithMessage(name, payload) {
  const valid = ajv.getSchema(`asyncapi#/components/messages/${name}/payload`);
  if (!valid) return `asyncapi.json has no message ${name}`;
  return valid(payload) ? undefined : `${name}: ${ajv.errorsText(valid.errors)}, in ${JSON.stringify(payload)}`;
}

/** What is wrong with an event of the stream of an order. @param {{event: string, data: string}} sent */
export function wrongWithEvent({ event, data }) {
  return wrongWithMessage(event === 'heartbeat' ? 'Heartbeat' : 'OrderEvent', JSON.parse(data));
}
