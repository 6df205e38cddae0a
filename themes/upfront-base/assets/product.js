/* A product's page: price, stock and pictures follow the choice; pictures can be swiped, jumped to and enlarged. */

import { enableDialog, enableQuantity, fill, find, findAll } from "./dom.js";

const chosen = (radios) => radios.filter((radio) => radio.checked).map((radio) => radio.dataset.value);
const matching = (variants, values) =>
  variants.find((variant) => variant.options.every((value, place) => value === values[place]));

/* Marks the values that cannot be bought together with what else is chosen, and writes the chosen ones beside their names. */
function mark(root, radios, variants) {
  const values = chosen(radios);
  for (const radio of radios) {
    const place = radio.dataset.option - 1;
    const others = values.map((value, index) => (index === place ? radio.dataset.value : value));
    const gone = !matching(variants, others)?.available;
    radio.parentElement.classList.toggle("pill--gone", gone);
    find("[data-gone]", radio.parentElement).hidden = !gone;
  }
  for (const name of findAll("[data-chosen]", root)) name.textContent = values[name.dataset.chosen - 1] ?? "";
}

function showUnit(root, unit) {
  const place = find("[data-unit]", root);
  if (!place) return;
  place.hidden = !unit;
  place.textContent = unit ? fill(place.dataset.text, unit) : "";
}

function showPrice(root, variant) {
  if (!find("[data-price]", root)) return;
  find("[data-price-now]", root).textContent = variant.price;
  const former = find("[data-price-former]", root);
  former.hidden = !variant.former;
  find("s", former).textContent = variant.former ?? "";
  showUnit(root, variant.unit);
}

function showVariant(root, variant) {
  const stock = find("[data-stock]", root);
  const buy = find("[data-buy]", root);
  const available = Boolean(variant?.available);
  stock.textContent = !variant ? stock.dataset.none : available ? stock.dataset.in : stock.dataset.out;
  stock.classList.toggle("stock--gone", !available);
  buy.disabled = !available;
  buy.textContent = available || !variant ? buy.dataset.in : buy.dataset.out;
  if (!variant) return;
  const hidden = find("[data-variant]", root);
  if (hidden) hidden.value = variant.id;
  showPrice(root, variant);
  const sku = find("[data-sku]", root);
  if (sku) sku.textContent = variant.sku;
}

/* Answers a function that brings a picture into sight, by its address. */
function enableGallery(gallery) {
  const list = find("[data-gallery-list]", gallery);
  const thumbs = findAll("[data-thumb]", gallery);
  const swipes = () => list.scrollWidth > list.clientWidth + 1;
  const gap = (item) => item.getBoundingClientRect().left - list.getBoundingClientRect().left;

  function bring(item) {
    if (swipes()) list.scrollBy({ left: gap(item) });
    else if (gallery.getBoundingClientRect().top > -80) list.prepend(item);
  }

  function follow() {
    const items = [...list.children];
    const nearest = items.reduce((best, item) => (Math.abs(gap(item)) < Math.abs(gap(best)) ? item : best));
    for (const thumb of thumbs) {
      thumb.toggleAttribute("aria-current", thumb.getAttribute("href") === `#${nearest.id}`);
      if (thumb.hasAttribute("aria-current")) thumb.setAttribute("aria-current", "true");
    }
  }

  for (const thumb of thumbs) {
    thumb.addEventListener("click", (event) => {
      event.preventDefault();
      bring(find(thumb.getAttribute("href"), list));
    });
  }
  let waiting = 0;
  list.addEventListener("scroll", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(follow);
  }, { passive: true });
  return (source) => {
    const item = [...list.children].find((candidate) => candidate.dataset.picture === source);
    if (item) bring(item);
  };
}

function enableZoom(gallery) {
  const dialog = find("[data-zoom-dialog]", gallery);
  if (!dialog) return;
  enableDialog(dialog);
  const stage = find("[data-zoom-stage]", dialog);
  stage.addEventListener("click", () => dialog.close());
  gallery.addEventListener("click", (event) => {
    const link = event.target.closest("[data-zoom]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const shown = find("img", link);
    const large = new Image(shown.width, shown.height);
    large.alt = shown.alt;
    large.src = link.href;
    stage.replaceChildren(large);
    dialog.showModal();
  });
}

function enableChoices(root, showPicture) {
  const radios = findAll("[data-option]", root);
  if (radios.length === 0) return;
  const { variants } = JSON.parse(find("#product-data", root).textContent);
  const asked = variants.find((variant) => variant.id === new URLSearchParams(location.search).get("variant"));
  if (asked) {
    for (const radio of radios) radio.checked = asked.options[radio.dataset.option - 1] === radio.dataset.value;
    showPicture(asked.picture);
  }
  showVariant(root, matching(variants, chosen(radios)));
  mark(root, radios, variants);
  root.addEventListener("change", (event) => {
    if (!event.target.dataset.option) return;
    const variant = matching(variants, chosen(radios));
    showVariant(root, variant);
    mark(root, radios, variants);
    if (!variant) return;
    showPicture(variant.picture);
    const address = new URL(location);
    address.searchParams.set("variant", variant.id);
    history.replaceState(null, "", address);
  });
}

function enableProduct(root) {
  const gallery = find("[data-gallery]", root);
  const showPicture = gallery ? enableGallery(gallery) : () => {};
  if (gallery) enableZoom(gallery);
  enableChoices(root, showPicture);
  const quantity = find("[data-quantity]", root);
  if (quantity) enableQuantity(quantity);
}

findAll("[data-product]").forEach(enableProduct);
