/* The cart page; it comes after theme.js, whose top-level names it uses. The cart lives in this browser alone. */

/* The product's own page is the source of its title, price and stock, so the cart never shows a stale one. */
async function loadProduct(handle) {
  const answer = await fetch(`/products/${encodeURIComponent(handle)}/`);
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return JSON.parse(page.getElementById("product-data").textContent);
}

async function enableCart(root) {
  const products = new Map();
  const text = root.dataset;
  const money = new Intl.NumberFormat(text.locale, { style: "currency", currency: text.currency });
  const unit = 10 ** money.resolvedOptions().maximumFractionDigits;
  const amount = (minor) => money.format(minor / unit);
  const say = (sentence, title = "") => {
    find("[data-cart-status]", root).textContent = sentence.replace("{title}", title);
  };
  const notify = (sentence) => {
    const notice = find("[data-cart-notice]", root);
    notice.textContent = [notice.textContent, sentence].filter(Boolean).join(" ");
    notice.hidden = false;
  };

  const variantOf = (line) =>
    products.get(line.product)?.variants.find((variant) => variant.id === line.variant);

  function showTotal(lines) {
    const total = lines.reduce((sum, line) => sum + (variantOf(line)?.amount ?? 0) * line.quantity, 0);
    find("[data-cart-total]", root).textContent = amount(total);
  }

  function row(line, change) {
    const product = products.get(line.product);
    const variant = variantOf(line);
    const item = find("[data-cart-line]", root).content.firstElementChild.cloneNode(true);
    const title = find(".line__title a", item);
    title.textContent = product.title;
    for (const link of findAll("a", item)) link.href = `${product.url}?variant=${encodeURIComponent(variant.id)}`;
    find("img", item).src = variant.picture ?? product.picture;
    find("[data-choice]", item).textContent = variant.options.join(" / ");
    find("[data-choice]", item).hidden = variant.options.length === 0;
    find("[data-each]", item).textContent = variant.price;
    const sum = find("[data-sum]", item);
    sum.textContent = amount(variant.amount * line.quantity);
    const input = find("input", item);
    input.value = line.quantity;
    input.setAttribute("aria-label", input.dataset.label.replace("{title}", product.title));
    enableQuantity(find(".quantity", item), (quantity) => {
      line.quantity = quantity;
      sum.textContent = amount(variant.amount * quantity);
      change();
    });
    const remove = find("[data-remove]", item);
    remove.setAttribute("aria-label", remove.dataset.label.replace("{title}", product.title));
    remove.addEventListener("click", () => change(line));
    return item;
  }

  function show(lines) {
    const list = find("[data-cart-lines]", root);
    const known = lines.filter(variantOf);
    const change = (removed) => {
      if (removed) {
        lines = lines.filter((line) => line !== removed);
        show(lines);
        say(text.textRemoved, products.get(removed.product).title);
        find("h1", root).setAttribute("tabindex", "-1");
        find("h1", root).focus();
      }
      writeCart(lines);
      showTotal(lines);
    };
    list.replaceChildren(...known.map((line) => row(line, change)));
    find("[data-cart-loading]", root).hidden = true;
    find("[data-cart-empty]", root).hidden = lines.length > 0;
    find("[data-cart-full]", root).hidden = known.length === 0;
    showTotal(lines);
  }

  /* What the product form sent here: once, so that reloading adds nothing. */
  function takeRequest() {
    const query = new URLSearchParams(location.search);
    if (query.has("add")) history.replaceState(null, "", location.pathname);
    return query;
  }

  function add(lines, query) {
    const product = products.get(query.get("add"));
    const values = ["option1", "option2", "option3"].map((name) => query.get(name)).filter((v) => v !== null);
    const named = query.get("variant");
    /* Without scripts the product page names the chosen values where it cannot name the variant. */
    const variant = product?.variants.find((candidate) =>
      named ? candidate.id === named : candidate.options.join("\n") === values.join("\n"),
    );
    if (!variant?.available) return lines;
    const found = lines.find((line) => line.product === product.handle && line.variant === variant.id);
    const quantity = within(query.get("quantity"));
    if (found) found.quantity = within(found.quantity + quantity);
    else lines.push({ product: product.handle, variant: variant.id, quantity });
    say(text.textAdded, product.title);
    return lines;
  }

  let lines = readCart();
  const query = takeRequest();
  const handles = new Set(lines.map((line) => line.product));
  if (query.get("add")) handles.add(query.get("add"));
  find("[data-cart-loading]", root).hidden = handles.size === 0;
  const gone = new Set();
  await Promise.all(
    [...handles].map(async (handle) => {
      try {
        const product = await loadProduct(handle);
        if (product) products.set(handle, product);
        else gone.add(handle);
      } catch {
        if (find("[data-cart-notice]", root).hidden) notify(text.textFailed);
      }
    }),
  );
  lines = lines.filter((line) => {
    const product = products.get(line.product);
    const kept = !gone.has(line.product) && (!product || variantOf(line)?.available);
    if (!kept) notify(`${product?.title ?? line.product} ${text.textGone}`);
    return kept;
  });
  lines = add(lines, query);
  writeCart(lines);
  show(lines);
}

findAll("[data-cart]").forEach(enableCart);
