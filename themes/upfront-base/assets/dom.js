/* Small words that every script uses. */

export const find = (selector, root = document) => root.querySelector(selector);
export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

/* `fill("{count} products", { count: 3 })` */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/* A copy of what the template element holds. */
export const copy = (template) => template.content.firstElementChild.cloneNode(true);

export const within = (quantity) => Math.min(99, Math.max(1, Math.trunc(Number(quantity)) || 1));

/* Writes amounts, given in the currency's minor unit, as the shop's locale does. */
export function moneyOf(locale, currency) {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  const unit = 10 ** format.resolvedOptions().maximumFractionDigits;
  return { unit, write: (minor) => format.format(minor / unit) };
}

/* The text for one or for several, with its number. */
export function counted(locale, texts, count, values = {}) {
  const form = new Intl.PluralRules(locale).select(count) === "one" ? texts.textOne : texts.textOther;
  return fill(form, { count: new Intl.NumberFormat(locale).format(count), ...values });
}

/* A number between two buttons. */
export function enableQuantity(root, changed = () => {}) {
  const input = find("input", root);
  const set = (quantity) => {
    input.value = within(quantity);
    changed(Number(input.value));
  };
  for (const button of findAll("[data-step]", root)) {
    button.addEventListener("click", () => set(Number(input.value) + Number(button.dataset.step)));
  }
  input.addEventListener("change", () => set(input.value));
}

/* A dialog that its buttons and a click beside it close. */
export function enableDialog(dialog) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}
