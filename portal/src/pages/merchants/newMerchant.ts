import type { Category, DataError, NewMerchant } from '../../data';
import { t } from '../../texts';

/** What is typed, before it is anything. */
export interface Answers {
  name: string;
  ownerName: string;
  ownerEmail: string;
  category: Category;
  country: string;
  theme: string;
  plan: string;
  subdomain: string;
}

export type Wrong = Partial<Record<keyof Answers, string>>;

export const BLANK: Answers = { name: '', ownerName: '', ownerEmail: '', category: 'general', country: 'US', theme: '', plan: '', subdomain: '' };

/** What can be told here; the server has the last word. */
export function check(answers: Answers): Wrong {
  const wrong: Wrong = {};
  if (!answers.name.trim()) wrong.name = t('newMerchant.nameMissing');
  if (!answers.ownerEmail.trim()) wrong.ownerEmail = t('newMerchant.emailMissing');
  else if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(answers.ownerEmail.trim())) wrong.ownerEmail = t('newMerchant.emailWrong');
  if (answers.subdomain && !/^(?=.{3,40}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(answers.subdomain.trim())) wrong.subdomain = t('address.rules');
  return wrong;
}

export function toMerchant(answers: Answers): NewMerchant {
  return {
    name: answers.name.trim(),
    owner_name: answers.ownerName.trim() || null,
    owner_email: answers.ownerEmail.trim(),
    category: answers.category,
    country: answers.country,
    saved_choices: {
      theme: answers.theme || null,
      plan: answers.plan || null,
      subdomain: answers.subdomain.trim() || null,
      category: answers.category,
    },
  };
}

const FIELDS: Record<string, keyof Answers> = {
  name: 'name',
  owner_name: 'ownerName',
  owner_email: 'ownerEmail',
  category: 'category',
  country: 'country',
  'saved_choices.theme': 'theme',
  'saved_choices.plan': 'plan',
  'saved_choices.subdomain': 'subdomain',
};

/** The server's words, each at its field; null where it spoke of none that we have. */
export function wrongOf(error: DataError): Wrong | null {
  const found = error.fields.flatMap(({ field, message }) => {
    const name = FIELDS[field];
    return name ? [[name, sentence(message)] as const] : [];
  });
  return found.length ? Object.fromEntries(found) : null;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1) + (/[.!?]$/.test(words) ? '' : '.');
}
