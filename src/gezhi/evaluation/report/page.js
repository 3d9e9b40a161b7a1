"use strict";
for (const items of document.querySelectorAll(".items")) {
  const form = items.querySelector("form");
  const list = items.querySelector(".entries");
  const entries = [...list.children].map((node, place) => ({
    node,
    place,
    words: node.textContent.toLowerCase(),
    state: node.dataset.state,
    tags: JSON.parse(node.dataset.tags),
    order: JSON.parse(node.dataset.order),
  }));
  const chosen = (name) => (form.elements[name] ? form.elements[name].value : "");
  const rank = (entry, order) => (order in entry.order ? entry.order[order] : Infinity);
  const compare = (order) => (a, b) => {
    const [x, y] = [rank(a, order), rank(b, order)];
    return x < y ? -1 : x > y ? 1 : a.place - b.place;
  };
  const apply = () => {
    const words = chosen("words").toLowerCase().split(/\s+/).filter(Boolean);
    const [state, tag, order] = ["state", "tag", "order"].map(chosen);
    let count = 0;
    for (const entry of entries) {
      const shown = (!state || entry.state === state) && (!tag || entry.tags.includes(tag))
        && words.every((word) => entry.words.includes(word));
      entry.node.hidden = !shown;
      count += shown;
    }
    list.append(...[...entries].sort(compare(order)).map((entry) => entry.node));
    form.elements.count.value = count;
    items.querySelector(".none").hidden = count > 0;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
}
