/* The cart's page. Titles, prices and stock come from the products' own pages each time, so the cart never shows a stale one. */

import { loadProduct, readCart, variantOf, withAdded, writeCart } from "./cart-memory.js";
import { copy, enableQuantity, fill, find, findAll, moneyOf } from "./dom.js";

/* What the product form sent here, once: reloading adds nothing. */
function takeRequest() {
  const query = new URLSearchParams(location.search);
  if (query.has("add")) history.replaceState(null, "", location.pathname);
  return query;
}

/* Answers the products by handle, and which of them are gone or could not be read. */
async function loadAll(handles) {
  const products = new Map();
  const gone = new Set();
  let failed = false;
  await Promise.all(
    [...handles].map(async (handle) => {
      try {
        const product = await loadProduct(handle);
        if (product) products.set(handle, product);
        else gone.add(handle);
      } catch {
        failed = true;
      }
    }),
  );
  return { products, gone, failed };
}

class Cart {
  constructor(root) {
    this.root = root;
    this.text = root.dataset;
    this.money = moneyOf(this.text.locale, this.text.currency);
    this.lines = readCart();
    this.products = new Map();
  }

  part(name) {
    return find(`[data-cart-${name}]`, this.root);
  }

  say(text, values) {
    this.part("status").textContent = fill(text, values);
  }

  notify(text, values = {}) {
    const notice = this.part("notice");
    notice.textContent = [notice.textContent, fill(text, values)].filter(Boolean).join(" ");
    notice.hidden = false;
  }

  variant(line) {
    return this.products.get(line.product)?.variants.find((variant) => variant.id === line.variant);
  }

  async open() {
    const query = takeRequest();
    const handles = new Set(this.lines.map((line) => line.product));
    if (query.get("add")) handles.add(query.get("add"));
    this.part("loading").hidden = handles.size === 0;
    const { products, gone, failed } = await loadAll(handles);
    this.products = products;
    if (failed) this.notify(this.text.textFailed);
    this.dropGone(gone);
    this.add(query);
    writeCart(this.lines);
    this.part("loading").hidden = true;
    this.show();
    addEventListener("storage", () => location.reload());
  }

  dropGone(gone) {
    this.lines = this.lines.filter((line) => {
      const product = this.products.get(line.product);
      const kept = !gone.has(line.product) && (!product || this.variant(line)?.available);
      if (!kept) this.notify(this.text.textGone, { title: product?.title ?? line.product });
      return kept;
    });
  }

  /* Without scripts the product page names the chosen values where it cannot name the variant. */
  add(query) {
    const product = this.products.get(query.get("add"));
    const values = ["option1", "option2", "option3"].map((name) => query.get(name)).filter((value) => value !== null);
    const variant = variantOf(product, query.get("variant"), values);
    if (!variant?.available) return;
    this.lines = withAdded(this.lines, product.handle, variant.id, query.get("quantity"));
    this.say(this.text.textAdded, { title: product.title });
  }

  row(line) {
    const product = this.products.get(line.product);
    const variant = this.variant(line);
    const item = copy(this.part("line"));
    for (const link of findAll("a", item)) link.href = `${product.url}?variant=${encodeURIComponent(variant.id)}`;
    find(".line__title a", item).textContent = product.title;
    find("img", item).src = variant.thumbnail ?? variant.picture ?? product.thumbnail ?? product.picture;
    const choice = find("[data-choice]", item);
    choice.textContent = variant.options.join(" / ");
    choice.hidden = variant.options.length === 0;
    find("[data-each]", item).textContent = variant.price;
    const sum = find("[data-sum]", item);
    sum.textContent = this.money.write(variant.amount * line.quantity);
    const input = find("input", item);
    input.value = line.quantity;
    input.setAttribute("aria-label", fill(input.dataset.label, product));
    enableQuantity(find(".quantity", item), (quantity) => {
      line.quantity = quantity;
      sum.textContent = this.money.write(variant.amount * quantity);
      this.say(this.text.textQuantity, { title: product.title, count: quantity });
      writeCart(this.lines);
      this.showTotal();
    });
    const remove = find("[data-remove]", item);
    remove.setAttribute("aria-label", fill(remove.dataset.label, product));
    remove.addEventListener("click", () => this.remove(line));
    return item;
  }

  remove(line) {
    this.lines = this.lines.filter((other) => other !== line);
    writeCart(this.lines);
    this.show();
    this.say(this.text.textRemoved, { title: this.products.get(line.product).title });
    find("h1", this.root).focus();
  }

  show() {
    const known = this.lines.filter((line) => this.variant(line));
    this.part("lines").replaceChildren(...known.map((line) => this.row(line)));
    this.part("empty").hidden = this.lines.length > 0;
    this.part("full").hidden = known.length === 0;
    this.showTotal();
  }

  showTotal() {
    const total = this.lines.reduce((sum, line) => sum + (this.variant(line)?.amount ?? 0) * line.quantity, 0);
    this.part("total").textContent = this.money.write(total);
    this.showDelivery(total);
    this.writeMail(total);
  }

  showDelivery(total) {
    const place = this.part("free");
    if (!place) return;
    const missing = this.text.freeFrom - total;
    const text = missing > 0 ? this.text.textFreeMissing : this.text.textFreeReached;
    place.textContent = fill(text, { amount: this.money.write(missing) });
  }

  /* The order as a letter, for the time until something can be paid here. */
  writeMail(total) {
    const link = find("[data-order-mail]", this.root);
    if (!link) return;
    const lines = this.lines.filter((line) => this.variant(line)).map((line) => {
      const variant = this.variant(line);
      const name = [this.products.get(line.product).title, ...variant.options].join(", ");
      return `${line.quantity} × ${name} (${variant.sku || variant.id}): ${variant.price}`;
    });
    const body = [...lines, "", this.money.write(total)].join("\r\n");
    const address = link.getAttribute("href").split("?")[0];
    link.href = `${address}?subject=${encodeURIComponent(link.dataset.subject)}&body=${encodeURIComponent(body)}`;
  }
}

for (const root of findAll("[data-cart]")) {
  const note = find("[data-checkout-note]", root);
  find("[data-checkout]", root).addEventListener("click", () => {
    note.focus();
    note.scrollIntoView({ block: "nearest" });
  });
  new Cart(root).open();
}
