/* Filters and sorts the cards of a collection. What is chosen stands in the address, so it can be kept, shared and gone back to. */

import { copy, counted, find, findAll, moneyOf } from "./dom.js";

const ORDERS = {
  price: (a, b) => a.price - b.price,
  "price-down": (a, b) => b.price - a.price,
  new: (a, b) => b.created - a.created,
};

function readCard(item) {
  const { facets, price, title, position, created } = item.dataset;
  return { item, facets: new Set(facets.split(" ")), price: +price, title, position: +position, created: +created };
}

/* The cards of the collection's other pages. */
async function loadCards(url, page, pages) {
  const numbers = Array.from({ length: pages }, (_, index) => index + 1).filter((number) => number !== page);
  const loaded = await Promise.all(
    numbers.map(async (number) => {
      const answer = await fetch(number === 1 ? url : `${url}page/${number}/`);
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const other = new DOMParser().parseFromString(await answer.text(), "text/html");
      return findAll("[data-cards] > li", other).map((item) => document.importNode(item, true));
    }),
  );
  return loaded.flat().map(readCard);
}

class Collection {
  constructor(root) {
    this.root = root;
    this.text = root.dataset;
    this.form = find("[data-filters]", root);
    this.list = find("[data-cards]", root);
    this.own = findAll("[data-cards] > li", root).map(readCard);
    this.cards = this.text.pages === "1" ? this.own : null;
    this.boxes = findAll("input[type=checkbox]", this.form);
    this.prices = find("[data-prices]", this.form);
    this.money = moneyOf(this.text.locale, this.text.currency);
    this.total = find("[data-count]", this.form).textContent;
  }

  /* Names of filters to the tokens chosen, the price's limits in the minor unit, and the order. */
  chosen() {
    const tokens = new Map();
    for (const box of this.boxes.filter((candidate) => candidate.checked)) {
      tokens.set(box.name, [...(tokens.get(box.name) ?? []), box.value]);
    }
    const limit = (end) => {
      const text = this.prices ? find(`[data-${end}]`, this.prices).value : "";
      return text === "" ? null : Math.round(Number(text) * this.money.unit);
    };
    return { tokens, min: limit("min"), max: limit("max"), sort: this.form.elements.sort.value };
  }

  fits(card, { tokens, min, max }, except) {
    if (min !== null && card.price < min) return false;
    if (max !== null && card.price > max) return false;
    return [...tokens].every(([name, values]) => name === except || values.some((value) => card.facets.has(value)));
  }

  async show() {
    const chosen = this.chosen();
    const active = chosen.tokens.size > 0 || chosen.min !== null || chosen.max !== null;
    this.showChips(chosen);
    if (!active && !chosen.sort) {
      this.place(this.own, this.total);
      return;
    }
    if (!(await this.loadRest())) return;
    const byTitle = new Intl.Collator(this.text.locale).compare;
    const order = chosen.sort === "title" ? (a, b) => byTitle(a.title, b.title) : ORDERS[chosen.sort];
    const shown = this.cards.filter((card) => this.fits(card, chosen));
    shown.sort((a, b) => order?.(a, b) || a.position - b.position);
    this.place(shown, counted(this.text.locale, this.text, shown.length));
    this.countValues(chosen);
  }

  async loadRest() {
    if (this.cards) return true;
    try {
      const { url, page, pages } = this.text;
      this.cards = [...this.own, ...(await loadCards(url, +page, +pages))];
      return true;
    } catch {
      find("[data-count]", this.form).textContent = this.text.textFailed;
      return false;
    }
  }

  place(cards, text) {
    this.list.replaceChildren(...cards.map((card) => card.item));
    find("[data-count]", this.form).textContent = text;
    find("[data-none]", this.root).hidden = cards.length > 0;
    const pagination = find("[data-pagination]", this.root);
    if (pagination) pagination.hidden = cards !== this.own;
  }

  /* How many products each value would leave beside what is chosen of the other filters. */
  countValues(chosen) {
    for (const box of this.boxes) {
      const left = this.cards.filter((card) => card.facets.has(box.value) && this.fits(card, chosen, box.name));
      find("[data-value-count]", box.parentElement).textContent = left.length;
    }
  }

  showChips({ min, max }) {
    const chips = find("[data-chips]", this.form);
    const made = this.boxes
      .filter((box) => box.checked)
      .map((box) => this.chip(box.dataset.label, () => { box.checked = false; }));
    if (min !== null || max !== null) {
      const range = `${min === null ? "" : this.money.write(min)} – ${max === null ? "" : this.money.write(max)}`;
      made.push(this.chip(`${this.prices.dataset.label} ${range.trim()}`, () => {
        for (const input of findAll("input", this.prices)) input.value = "";
      }));
    }
    chips.replaceChildren(...made);
    chips.hidden = made.length === 0;
    for (const place of findAll("[data-active-count]", this.form)) {
      place.textContent = made.length ? ` (${made.length})` : "";
    }
  }

  chip(label, clear) {
    const chip = copy(find("[data-chip]", this.form));
    find("[data-label]", chip).textContent = label;
    chip.addEventListener("click", () => {
      clear();
      this.change();
      find("[data-count]", this.form).closest("form").querySelector("[data-toggle], summary, select")?.focus();
    });
    return chip;
  }

  change() {
    const { tokens, sort } = this.chosen();
    const address = new URL(location);
    address.search = "";
    for (const [name, values] of tokens) address.searchParams.set(name, values.join(","));
    for (const end of ["min", "max"]) {
      const text = this.prices ? find(`[data-${end}]`, this.prices).value : "";
      if (text) address.searchParams.set(`${this.prices.dataset.prices}-${end}`, text);
    }
    if (sort) address.searchParams.set("sort", sort);
    history.replaceState(null, "", address);
    this.show();
  }

  clear() {
    this.form.reset();
    this.change();
  }

  readAddress() {
    const query = new URLSearchParams(location.search);
    for (const box of this.boxes) box.checked = (query.get(box.name) ?? "").split(",").includes(box.value);
    for (const end of ["min", "max"]) {
      if (this.prices) find(`[data-${end}]`, this.prices).value = query.get(`${this.prices.dataset.prices}-${end}`) ?? "";
    }
    const { sort } = this.form.elements;
    sort.value = query.get("sort") ?? "";
    if (sort.selectedIndex < 0) sort.value = "";
  }

  open() {
    this.readAddress();
    if (location.search) this.show();
    this.form.addEventListener("change", () => this.change());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    for (const button of findAll("[data-clear]", this.root)) button.addEventListener("click", () => this.clear());
    this.enablePanel();
    this.enableFacets();
  }

  /* On small screens all filters are behind one button. */
  enablePanel() {
    const button = find("[data-toggle]", this.form);
    if (!button) return;
    const panel = find(`#${button.getAttribute("aria-controls")}`);
    const open = (opened) => {
      button.setAttribute("aria-expanded", String(opened));
      panel.toggleAttribute("data-open", opened);
    };
    button.addEventListener("click", () => open(!panel.hasAttribute("data-open")));
    find("[data-show]", panel).addEventListener("click", () => {
      open(false);
      button.focus();
    });
  }

  /* In a bar one filter lies over the page at a time. */
  enableFacets() {
    const facets = findAll(".filters--bar [data-facet]", this.root);
    const over = () => matchMedia("(min-width: 60rem)").matches;
    const closeAll = (kept) => facets.forEach((facet) => { if (facet !== kept) facet.open = false; });
    for (const facet of facets) {
      facet.addEventListener("toggle", () => { if (facet.open && over()) closeAll(facet); });
      facet.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || !over()) return;
        facet.open = false;
        find("summary", facet).focus();
      });
    }
    document.addEventListener("click", (event) => {
      if (over() && !event.target.closest("[data-facet]")) closeAll();
    });
  }
}

for (const root of findAll("[data-collection]")) if (find("[data-filters]", root)) new Collection(root).open();
