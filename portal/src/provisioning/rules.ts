import { Validator, type Schema } from '@cfworker/json-schema';
import type { ActivationRequest, RequestSchema } from '../data';
import { t } from '../texts';

/** Where the schema says what its rules mean for people: `{code, message}` by the rule's keyword. */
const MESSAGES = 'x-messages';
/** The schema takes a body and a document; a form fills in the body. */
const BODY = '#/$defs/Activation';

export type Errors = Partial<Record<string, string>>;

/**
 * What is wrong with each field, by the server's own rules.
 *
 * The validator interprets the schema: those that compile it need `eval`, which the portal's policy forbids.
 */
export function check(schema: RequestSchema | null, request: ActivationRequest): Errors {
  if (schema === null) return {};
  const body = '$defs' in schema && 'anyOf' in schema ? { $ref: BODY, $defs: schema.$defs } : schema;
  const { errors } = new Validator(body as Schema, '2020-12', false).validate(request);
  const found: Errors = {};
  const told = new Set<string>();
  for (const error of errors) {
    const field = error.instanceLocation.replace(/^#\/?/, '').split('/')[0];
    // Of "is not valid" and the reason for it, the reason is told.
    const message = messageAt(body, error.keywordLocation);
    if (!field) continue;
    if (message && !told.has(field)) {
      told.add(field);
      found[field] = message;
    } else found[field] ??= t('form.wrong');
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
  const message = step(step(step(at, MESSAGES), keyword), 'message');
  return typeof message === 'string' ? message : null;
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
