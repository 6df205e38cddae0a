/* Upfront Base: the menu, the choice of a variant, the number beside the cart. Every page works without it. */

const KEY = "cart";
const MOST = 99;

const find = (selector, root = document) => root.querySelector(selector);
const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

/* --- The cart's memory: [{ product, variant, quantity }] --- */

function readCart() {
  try {
    const lines = JSON.parse(localStorage.getItem(KEY)) ?? [];
    return lines.filter((line) => typeof line.product === "string" && line.quantity > 0);
  } catch {
    return [];
  }
}

function writeCart(lines) {
  try {
    localStorage.setItem(KEY, JSON.stringify(lines));
  } catch {
    /* Storage is full or forbidden: the cart lasts as long as this page. */
  }
  showCount(lines);
}

function showCount(lines = readCart()) {
  const count = lines.reduce((sum, line) => sum + line.quantity, 0);
  for (const badge of findAll("[data-cart-count]")) {
    badge.textContent = count;
    badge.hidden = count === 0;
  }
}

const within = (quantity) => Math.min(MOST, Math.max(1, Math.trunc(Number(quantity)) || 1));

/* --- Quantity with buttons --- */

function enableQuantity(root, changed = () => {}) {
  const input = find("input", root);
  for (const button of findAll("[data-step]", root)) {
    button.hidden = false;
    button.addEventListener("click", () => {
      input.value = within(Number(input.value) + Number(button.dataset.step));
      changed(Number(input.value));
    });
  }
  input.addEventListener("change", () => {
    input.value = within(input.value);
    changed(Number(input.value));
  });
}

/* --- Product page --- */

function enableProduct(root) {
  const { variants } = JSON.parse(find("#product-data", root).textContent);
  const form = find("[data-product-form]", root);
  const radios = findAll("[data-option]", form);
  const chosen = () => radios.filter((radio) => radio.checked).map((radio) => radio.dataset.value);
  const matching = (values) =>
    variants.find((variant) => variant.options.every((value, place) => value === values[place]));

  function select(variant) {
    for (const radio of radios) {
      radio.checked = variant.options[radio.dataset.option - 1] === radio.dataset.value;
    }
  }

  /* Marks the values that cannot be bought together with what else is chosen. */
  function markGone(values) {
    for (const radio of radios) {
      const place = radio.dataset.option - 1;
      const variant = matching(values.with(place, radio.dataset.value));
      const gone = !variant?.available;
      radio.parentElement.classList.toggle("pill--gone", gone);
      find("[data-gone]", radio.parentElement).hidden = !gone;
    }
  }

  function show(variant) {
    const stock = find("[data-stock]", form);
    const buy = find("[data-buy]", form);
    const available = Boolean(variant?.available);
    stock.textContent = !variant ? stock.dataset.none : available ? stock.dataset.in : stock.dataset.out;
    stock.classList.toggle("stock--gone", !available);
    buy.disabled = !available;
    buy.textContent = available ? buy.dataset.in : buy.dataset.out;
    if (!variant) return;
    const hidden = find("[data-variant]", form);
    if (hidden) hidden.value = variant.id;
    find("[data-price-now]", root).textContent = variant.price;
    const former = find("[data-price-former]", root);
    former.hidden = !variant.former;
    find("s", former).textContent = variant.former ?? "";
    const sku = find("[data-sku]", root);
    if (sku) sku.textContent = variant.sku;
  }

  function showPicture(source) {
    const links = findAll("[data-picture]", root);
    const link = links.find((candidate) => candidate.getAttribute("href") === source);
    if (!link) return;
    for (const other of links) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    const stage = find("[data-stage] img", root);
    const small = find("img", link);
    stage.src = source;
    stage.alt = link.getAttribute("aria-label").replace(/^[^:]*: /, "");
    stage.width = small.width || stage.width;
    stage.height = small.height || stage.height;
  }

  for (const link of findAll("[data-picture]", root)) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      showPicture(link.getAttribute("href"));
    });
  }

  const asked = variants.find((variant) => variant.id === new URLSearchParams(location.search).get("variant"));
  if (asked && radios.length) {
    select(asked);
    showPicture(asked.picture);
  }
  if (radios.length) {
    show(matching(chosen()));
    markGone(chosen());
    form.addEventListener("change", (event) => {
      if (!event.target.dataset.option) return;
      const variant = matching(chosen());
      show(variant);
      markGone(chosen());
      if (!variant) return;
      showPicture(variant.picture);
      const address = new URL(location);
      address.searchParams.set("variant", variant.id);
      history.replaceState(null, "", address);
    });
  }
  enableQuantity(find("[data-quantity]", form));
}

/* --- Menu --- */

function enableMenu(menu) {
  const close = () => menu.removeAttribute("open");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    close();
    find("summary", menu).focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) close();
  });
}

showCount();
findAll("[data-menu]").forEach(enableMenu);
findAll("[data-product]").forEach(enableProduct);
