/* Puts things into the cart without leaving the page, and shows what was added. Where that fails the form goes its plain way. */

import { countOf, loadProduct, readCart, variantOf, withAdded, writeCart } from "./cart-memory.js";
import { enableDialog, fill, find, within } from "./dom.js";

function here(handle) {
  const data = find("#product-data");
  const product = data && JSON.parse(data.textContent);
  return product?.handle === handle ? product : null;
}

function show(dialog, product, variant, quantity) {
  const choice = find("[data-added-choice]", dialog);
  const times = find("[data-added-quantity]", dialog);
  const picture = new Image(160, 160);
  picture.alt = "";
  picture.src = variant.thumbnail ?? variant.picture ?? product.thumbnail ?? product.picture;
  find("[data-added-picture]", dialog).replaceChildren(picture);
  find("[data-added-title]", dialog).textContent = product.title;
  choice.textContent = variant.options.join(" / ");
  choice.hidden = variant.options.length === 0;
  find("[data-added-price]", dialog).textContent = variant.price;
  times.textContent = fill(times.dataset.text, { count: quantity });
  find("[data-added-count]", dialog).textContent = `(${countOf(readCart())})`;
  dialog.showModal();
  find("h2", dialog).focus();
}

export function enableAdding(dialog) {
  enableDialog(dialog);
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-buy-form]");
    if (!form) return;
    event.preventDefault();
    const query = new FormData(form);
    const values = ["option1", "option2", "option3"].map((name) => query.get(name)).filter((value) => value !== null);
    try {
      const product = here(query.get("add")) ?? (await loadProduct(query.get("add")));
      const variant = variantOf(product, query.get("variant"), values);
      if (!variant?.available) throw new Error("not available");
      const quantity = within(query.get("quantity"));
      writeCart(withAdded(readCart(), product.handle, variant.id, quantity));
      show(dialog, product, variant, quantity);
    } catch {
      form.submit();
    }
  });
}
