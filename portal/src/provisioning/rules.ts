import { Validator, type Schema } from '@cfworker/json-schema';
import type { ActivationRequest, RequestSchema } from '../data';
import { t } from '../texts';

/** Where a schema says what its rules mean for people, by the rule's keyword. */
const MESSAGES = ['x-messages', 'errorMessage'] as const;

export type Errors = Partial<Record<string, string>>;

/**
 * What is wrong with each field, by the server's own rules.
 *
 * The validator interprets the schema: those that compile it need `eval`, which the portal's policy forbids.
 */
export function check(schema: RequestSchema | null, request: ActivationRequest): Errors {
  if (schema === null) return {};
  const { errors } = new Validator(schema as Schema, '2020-12', false).validate(request);
  const found: Errors = {};
  for (const error of errors) {
    const field = error.instanceLocation.replace(/^#\/?/, '').split('/')[0];
    // Of "is not valid" and the reason for it, the reason is told.
    const message = messageAt(schema, error.keywordLocation);
    if (field && (message || !(field in found))) found[field] = message ?? found[field] ?? t('form.wrong');
  }
  return found;
}

/** The message that stands beside the keyword at this place. */
function messageAt(schema: RequestSchema, location: string): string | null {
  const path = location.replace(/^#\/?/, '').split('/').map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
  const keyword = path.pop() ?? '';
  let at: unknown = schema;
  for (const part of path) {
    at = follow(schema, step(at, part));
    if (at === undefined) return null;
  }
  for (const name of MESSAGES) {
    const messages = step(at, name);
    if (typeof messages === 'string') return messages;
    const message = step(messages, keyword);
    if (typeof message === 'string') return message;
  }
  return null;
}

function step(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  // The validator's path names `$ref` itself where it was followed.
  if (name === '$ref') return value;
  return (value as Record<string, unknown>)[name];
}

function follow(root: RequestSchema, value: unknown): unknown {
  const reference = step(value, '$ref') === value ? (value as { $ref?: unknown }).$ref : undefined;
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return value;
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], root);
}
