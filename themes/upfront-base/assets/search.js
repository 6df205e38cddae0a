/* The search page: every word that is asked for must begin a word of the product; titles count most. */

import { copy, counted, fill, find, findAll, moneyOf } from "./dom.js";

const MOST = 48;
const LETTERS = { ß: "ss", ς: "σ", ø: "o", đ: "d", ł: "l", æ: "ae", œ: "oe", þ: "th", ð: "d", ı: "i", ħ: "h" };

/* As the index is folded: small letters without accents. */
const fold = (text) =>
  text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[ßςøđłæœþðıħ]/g, (letter) => LETTERS[letter]);

const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/* How well a product fits, 0 where it does not: a word of its title counts most, then what stands early among the rest. */
function score(product, wanted) {
  const title = wordsOf(product.t);
  const known = product.w.split(" ");
  let sum = 0;
  for (const word of wanted) {
    const inTitle = title.findIndex((candidate) => candidate.startsWith(word));
    const place = known.findIndex((candidate) => candidate.startsWith(word));
    if (inTitle < 0 && place < 0) return 0;
    sum += inTitle < 0 ? 50 - Math.min(place, 49) : 100 - inTitle;
  }
  return sum;
}

function search(index, wanted) {
  return index.products
    .map((product, place) => ({ product, place, score: score(product, wanted) }))
    .filter((match) => match.score > 0)
    .sort((a, b) => b.score - a.score || a.place - b.place)
    .map((match) => match.product);
}

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

function enableSearch(root) {
  const text = root.dataset;
  const form = find("form", root);
  const input = find("input", form);
  const status = find("[data-search-status]", root);
  const results = find("[data-results]", root);
  const suggestions = find("[data-suggestions]", root);
  let loading;

  function card(index, money, product) {
    const item = copy(find("[data-result]", root));
    const link = find(".card__title a", item);
    const vendor = find("[data-vendor]", item);
    const price = find("[data-now]", item);
    const former = find("[data-former]", item);
    const written = money.write(product.p);
    find("img", item).src = index.pictures + product.i;
    link.href = `/products/${product.h}/`;
    link.textContent = product.t;
    if (vendor) vendor.textContent = index.vendors[product.v];
    price.textContent = product.r ? fill(text.textFrom, { price: written }) : written;
    former.hidden = !product.f;
    find("s", former).textContent = product.f ? money.write(product.f) : "";
    find("[data-badge]", item).hidden = !product.n;
    return item;
  }

  async function show() {
    const words = input.value.trim();
    const wanted = wordsOf(words);
    let found = [];
    status.textContent = "";
    if (wanted.length > 0) {
      try {
        loading ??= load(text.index);
        const index = await loading;
        if (words !== input.value.trim()) return;
        found = search(index, wanted);
        const money = moneyOf(text.locale, index.currency);
        results.replaceChildren(...found.slice(0, MOST).map((product) => card(index, money, product)));
        status.textContent = found.length
          ? counted(text.locale, text, found.length, { words })
          : fill(text.textNone, { words });
      } catch {
        loading = undefined;
        status.textContent = text.textFailed;
      }
    }
    if (found.length === 0) results.replaceChildren();
    if (suggestions) suggestions.hidden = found.length > 0;
  }

  let waiting;
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  if (input.value) show();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const address = new URL(location);
    address.searchParams.set("q", input.value);
    history.replaceState(null, "", address);
    show();
  });
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
}

findAll("[data-search]").forEach(enableSearch);
