/* On every page: the menu, the number at the cart's sign, the way into the cart. Every page works without it. */

import { enableAdding } from "./adding.js";
import { countOf, readCart } from "./cart-memory.js";
import { find, findAll } from "./dom.js";

function showCount() {
  const count = countOf(readCart());
  for (const badge of findAll("[data-cart-count]")) {
    badge.textContent = count;
    badge.hidden = count === 0;
  }
}

/* Escape, a click elsewhere and leaving it by keyboard close a disclosure that lies over the page. */
function enableMenu(menu) {
  const close = () => menu.removeAttribute("open");
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    close();
    find("summary", menu).focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) close();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) close();
  });
}

showCount();
document.addEventListener("cart", showCount);
addEventListener("storage", showCount);
addEventListener("pageshow", showCount);
findAll("[data-menu]").forEach(enableMenu);
if (find("[data-added]")) enableAdding(find("[data-added]"));
