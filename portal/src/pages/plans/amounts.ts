/** `29.99` or `29,99` in cents; null for what is no amount. */
export function toCents(typed: string): number | null {
  const found = /^\s*(\d{1,9})(?:[.,](\d{1,2}))?\s*$/.exec(typed);
  if (!found) return null;
  return Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'));
}

/** A limit as it is typed: nothing is none. */
export function readAmount(typed: string): number | null {
  return typed.trim() === '' ? null : Math.trunc(Number(typed));
}

export function writeAmount(amount: number | null | undefined): string {
  if (amount === null || amount === undefined) return '';
  return Number.isInteger(amount) ? String(amount) : amount.toFixed(2);
}
