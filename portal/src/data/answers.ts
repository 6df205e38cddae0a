import { CATEGORIES, INTEGRATIONS, type ActivationRequest } from './types';

/** What an earlier request asked for. It may have been wrong in every way: only what has the right type is taken. */
export function readAnswers(asked: Record<string, unknown>, requestId: string): ActivationRequest {
  const text = (name: string) => (typeof asked[name] === 'string' ? asked[name] : '');
  const wanted = (typeof asked.integrations === 'object' && asked.integrations !== null ? asked.integrations : {}) as Record<string, unknown>;
  return {
    store_id: text('store_id') || requestId,
    store_name: text('store_name'),
    owner_email: text('owner_email'),
    theme: text('theme'),
    plan: text('plan'),
    subdomain: text('subdomain'),
    custom_domain: text('custom_domain') || null,
    category: CATEGORIES.find((one) => one === asked.category) ?? 'general',
    integrations: Object.fromEntries(INTEGRATIONS.map((one) => [one, wanted[one] === true])) as ActivationRequest['integrations'],
    launch: asked.launch === 'immediately' ? 'immediately' : 'after_onboarding',
  };
}
