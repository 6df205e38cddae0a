/* The search page: every word must begin a word of the product; titles count more. It comes after theme.js. */

/* As the index is folded: small letters without accents. */
const fold = (text) =>
  text
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ς", "σ")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[øđłæœþðıħ]/g, (letter) => ({ ø: "o", đ: "d", ł: "l", æ: "ae", œ: "oe", þ: "th", ð: "d", ı: "i", ħ: "h" })[letter]);

const words = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/* How well a product matches, or 0: a word of the title counts most, then what stands earlier in the index's words. */
function score(product, wanted) {
  const title = words(product.t);
  const known = product.w.split(" ");
  let sum = 0;
  for (const word of wanted) {
    const inTitle = title.findIndex((candidate) => candidate.startsWith(word));
    const place = known.findIndex((candidate) => candidate.startsWith(word));
    if (inTitle < 0 && place < 0) return 0;
    sum += inTitle >= 0 ? 100 - inTitle : 50 - Math.min(place, 49);
  }
  return sum;
}

async function enableSearch(form) {
  const input = find("input", form);
  const list = find("[data-search-results]");
  const status = find("[data-search-status]");
  const template = find("[data-search-result]");
  const text = form.dataset;
  let index;

  function row(product, money) {
    const item = template.content.firstElementChild.cloneNode(true);
    const link = find("[data-title]", item);
    link.textContent = product.t;
    link.href = `/products/${product.h}/`;
    find("[data-vendor]", item).textContent = index.vendors[product.v];
    const picture = Object.assign(new Image(400, 400), { alt: "", loading: "lazy", src: index.pictures + product.i });
    find("[data-media]", item).append(picture);
    const price = money.format(product.p / 10 ** index.decimals);
    find("[data-price]", item).textContent = product.n ? text.gone : product.r ? `${text.from} ${price}` : price;
    return item;
  }

  async function show() {
    const wanted = words(input.value);
    if (!wanted.length) {
      list.replaceChildren();
      status.textContent = "";
      return;
    }
    try {
      index ??= await (await fetch(text.index)).json();
    } catch {
      status.textContent = text.failed;
      return;
    }
    const money = new Intl.NumberFormat(text.locale, { style: "currency", currency: index.currency });
    const found = index.products
      .map((product, place) => ({ product, place, score: score(product, wanted) }))
      .filter((match) => match.score > 0)
      .sort((a, b) => b.score - a.score || a.place - b.place);
    list.replaceChildren(...found.slice(0, 48).map((match) => row(match.product, money)));
    status.textContent =
      found.length === 0 ? text.none : found.length === 1 ? text.one : text.many.replace("{count}", found.length);
  }

  input.value = new URLSearchParams(location.search).get("q") ?? "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const address = new URL(location);
    address.searchParams.set("q", input.value);
    history.replaceState(null, "", address);
    show();
  });
  input.addEventListener("input", show);
  await show();
}

findAll("[data-search]").forEach(enableSearch);
