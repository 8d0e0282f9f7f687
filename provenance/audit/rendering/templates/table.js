"use strict";
(() => {
  const STEP = 250;
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  for (const table of document.querySelectorAll("table[data-tools]")) {
    const tools = document.getElementById(table.dataset.tools);
    const more = document.getElementById(table.dataset.tools + "-more");
    const body = table.tBodies[0];
    const find = (name) => tools.querySelector(`[name="${name}"]`);
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...body.rows].map((row, place) => ({
      row, place, text: plain(row.textContent),
      flags: row.dataset.flags.split(" "), state: row.dataset.state,
    }));
    const order = find("sort");
    let limit = STEP;
    const values = new Map();
    const keys = (column) => {
      if (!values.has(column)) {
        values.set(column, new Map(rows.map((one) => {
          const cell = one.row.cells[column];
          const raw = cell.dataset.v ?? plain(cell.textContent.trim());
          return [one, raw !== "" && "n" in heads[column].dataset ? Number(raw) : raw];
        })));
      }
      return values.get(column);
    };
    const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
    const show = () => {
      const wanted = plain(find("search").value).split(/\s+/).filter(Boolean);
      const state = find("state").value;
      const flag = find("flag").value;
      let count = 0;
      for (const one of rows) {
        const fits = (!state || one.state === state) && (!flag || one.flags.includes(flag))
          && wanted.every((word) => one.text.includes(word));
        one.row.hidden = !fits;
        if (fits) count += 1;
        one.row.classList.toggle("later", fits && count > limit);
      }
      more.hidden = count <= limit;
      tools.querySelector("output").textContent = tools.dataset.shown
        .replace("{shown}", Math.min(count, limit)).replace("{all}", rows.length);
    };
    const sort = () => {
      const [column, down] = order.value ? order.value.split(" ").map(Number) : [-1, 0];
      if (column < 0) rows.sort((a, b) => a.place - b.place);
      else {
        const found = keys(column);
        rows.sort((a, b) => {
          const x = found.get(a), y = found.get(b);
          if (x === "" || y === "") return (x === "") - (y === "") || a.place - b.place;
          const way = typeof x === "number" ? x - y : compare(x, y);
          return (down ? -way : way) || a.place - b.place;
        });
      }
      heads.forEach((head, place) => {
        if (place === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
      body.append(...rows.map((one) => one.row));
      show();
    };
    heads.forEach((head, place) => {
      if (!("s" in head.dataset)) return;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent.trim();
      const paper = document.createElement("span"); // a head that is repeated on paper loses buttons
      paper.className = "paper";
      paper.textContent = button.textContent;
      head.replaceChildren(button, paper);
      button.addEventListener("click", () => {
        order.value = order.value === `${place} 0` ? `${place} 1` : `${place} 0`;
        sort();
      });
      for (const [down, sign] of [[0, "\u2191"], [1, "\u2193"]]) {
        order.append(new Option(`${button.textContent} ${sign}`, `${place} ${down}`));
      }
    });
    const again = () => { limit = STEP; show(); };
    find("search").addEventListener("input", again);
    find("state").addEventListener("change", again);
    find("flag").addEventListener("change", again);
    order.addEventListener("change", sort);
    find("reset").addEventListener("click", () => {
      for (const name of ["search", "state", "flag", "sort"]) find(name).value = "";
      limit = STEP;
      sort();
    });
    more.querySelector("button").addEventListener("click", () => { limit += STEP; show(); });
    tools.hidden = false;
    show();
  }
})();
