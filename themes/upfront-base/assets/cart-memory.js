/* The cart's memory: [{ product, variant, quantity }], kept by this browser alone. Other tabs of the shop hear of changes. */

import { within } from "./dom.js";

const KEY = "cart";
let fallback = [];

const isLine = (line) =>
  typeof line?.product === "string" && typeof line.variant === "string" && line.quantity === within(line.quantity);

export function readCart() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(kept) ? kept.filter(isLine) : [...fallback];
  } catch {
    return [...fallback];
  }
}

export function writeCart(lines) {
  fallback = lines;
  try {
    localStorage.setItem(KEY, JSON.stringify(lines));
  } catch {
    /* Storage is full or forbidden: the cart lasts as long as this page. */
  }
  document.dispatchEvent(new CustomEvent("cart"));
}

export const countOf = (lines) => lines.reduce((sum, line) => sum + line.quantity, 0);

/* The lines with so many more of a variant. */
export function withAdded(lines, product, variant, quantity) {
  const there = lines.find((line) => line.product === product && line.variant === variant);
  if (!there) return [...lines, { product, variant, quantity: within(quantity) }];
  return lines.map((line) => (line === there ? { ...line, quantity: within(line.quantity + within(quantity)) } : line));
}

/* The product's own page is the source of its title, price and stock, so nothing stale is ever shown. Null where it is gone. */
export async function loadProduct(handle) {
  const answer = await fetch(`/products/${encodeURIComponent(handle)}/`);
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return JSON.parse(page.getElementById("product-data").textContent);
}

/* The variant that a product form names: by its id, or by the values chosen; a simple product needs neither. */
export function variantOf(product, named, values) {
  return product?.variants.find((variant) =>
    named ? variant.id === named : variant.options.join("\n") === values.join("\n"),
  );
}
