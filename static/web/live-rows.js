// The list brought up to date row by row: what did not change is not touched, and nothing moves under a hand.

const hovers = matchMedia("(hover: hover)");

export class Rows {
  // `page` is a fragment of the list, or of the counts alone.
  take(page) {
    const form = document.getElementById("messages");
    const coming = page.getElementById("messages");
    this.#part(document.getElementById("folder-list"), page.getElementById("folder-list"));
    if (!form || !coming) return;
    this.#part(document.getElementById("list-count"), page.getElementById("list-count"));
    const title = page.querySelector("title")?.textContent;
    if (title && document.querySelector(".on-list") && !document.querySelector("#reading article.message")) document.title = title;
    form.dataset.mark = coming.dataset.mark ?? "";
    const list = form.querySelector(".rows");
    const next = coming.querySelector(".rows");
    const validity = (one) => one.querySelector('[name="uid_validity"]').value;
    if (!list || !next || validity(form) !== validity(coming)) {
      if (list || next) this.#whole(form, coming);
      return;
    }
    this.waiting = coming;
    const fresh = this.#fresh(list, next);
    const kept = form.dataset.live === "kept";
    if (!kept && this.#calm(form, list)) this.#all(form, coming);
    else this.#inPlace(list, next, fresh, kept);
    if (this.waiting) this.#bar(form, fresh.length);
    document.dispatchEvent(new CustomEvent("ekorn:rows"));
  }

  #part(old, coming) {
    if (!old || !coming || old.innerHTML.trim() === coming.innerHTML.trim()) return;
    const at = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    old.replaceChildren(...coming.childNodes);
    if (at) old.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus();
  }

  // Nobody is in the middle of something in this list, and it stands where new mail is looked for.
  #calm(form, list) {
    const pane = form.closest(".list");
    const top = (pane?.scrollTop ?? 0) <= 0 && window.scrollY <= 0;
    const pointed = !document.hidden && hovers.matches && list.matches(":hover");
    return top && !pointed && !list.contains(document.activeElement) && !form.querySelector('input[name="uid"]:checked');
  }

  // Rows of the first page that arrived above those shown.
  #fresh(list, next) {
    if (Number(list.closest("form").elements.page?.value ?? 1) > 1) return [];
    const known = [...next.children].findIndex((row) => document.getElementById(row.id));
    return [...next.children].slice(0, known < 0 ? next.children.length : known);
  }

  #whole(form, coming) {
    const had = form.contains(document.activeElement);
    form.replaceWith(coming);
    window.htmx?.process(coming);
    if (had) document.getElementById("list-title")?.focus({ preventScroll: true });
    this.waiting = null;
  }

  #all(form, coming) {
    const list = form.querySelector(".rows");
    const wanted = [...coming.querySelector(".rows").children];
    for (const row of [...list.children]) if (!wanted.some((one) => one.id === row.id)) row.remove();
    wanted.forEach((row, number) => {
      const old = list.querySelector(`:scope > [id="${row.id}"]`);
      const here = old ? this.#one(old, row) : row;
      if (list.children[number] !== here) list.insertBefore(here, list.children[number] ?? null);
      if (here === row) window.htmx?.process(row);
    });
    for (const part of [".range", ".pages"]) this.#same(form.querySelector(part), coming.querySelector(part));
    this.waiting = null;
    form.querySelector(".news")?.replaceChildren();
  }

  #same(old, coming) {
    if (old && coming && old.outerHTML !== coming.outerHTML) old.replaceWith(coming);
    else if (old && !coming) old.remove();
  }

  // Flags as they are now, and what is gone goes; what is new waits to be asked for.
  #inPlace(list, next, fresh, kept) {
    // A conversation with a new message in it is another row, and the old one waits with it.
    const threads = next.querySelector(".unfold");
    const coming = new Map([...next.children].map((row) => [row.id, row]));
    const left = [...next.children].filter((row) => !fresh.includes(row));
    const last = left.at(-1)?.id;
    let beyond = !last;
    for (const row of [...list.children]) {
      if (coming.has(row.id)) this.#one(row, coming.get(row.id).cloneNode(true));
      else if (!kept && (threads ? !fresh.length : !beyond || !fresh.length)) this.#gone(row);
      if (row.id === last) beyond = true;
    }
    if (!fresh.length) {
      this.waiting = null;
      if (kept) return;
      const form = list.closest("form");
      const page = next.closest("form");
      for (const part of [".range", ".pages"]) this.#same(form.querySelector(part), page.querySelector(part));
      for (const row of left) if (!document.getElementById(row.id)) list.append(row);
    }
  }

  #gone(row) {
    if (row.contains(document.activeElement)) (row.nextElementSibling ?? row.previousElementSibling)?.querySelector("a.open")?.focus({ preventScroll: true });
    row.remove();
  }

  // The row that stands now: the old one where nothing differs.
  #one(old, coming) {
    const box = old.querySelector('input[name="uid"]');
    const opened = old.classList.contains("is-open");
    const bare = old.cloneNode(true);
    bare.classList.remove("is-open");
    // Neither what is chosen nor what the browser's extensions put there.
    const mark = (row) => row.outerHTML.replace(/ (checked|style)="[^"]*"/g, "");
    if (mark(bare) === mark(coming)) return old;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const selector = focused?.matches("input") ? "input" : focused?.matches("button") ? "button.star" : "a.open";
    old.replaceWith(coming);
    coming.classList.toggle("is-open", opened);
    const next = coming.querySelector('input[name="uid"]');
    if (box && next) next.checked = box.checked;
    window.htmx?.process(coming);
    if (focused) coming.querySelector(selector)?.focus({ preventScroll: true });
    return coming;
  }

  #bar(form, count) {
    const bar = form.querySelector(".news");
    if (!bar || !count) return;
    const button = bar.querySelector("button") ?? document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = count === 1 ? bar.dataset.one : bar.dataset.many.replace("{count}", count);
    button.onclick = () => {
      const first = this.waiting?.querySelector(".rows > .row")?.id;
      if (this.waiting) this.#all(form, this.waiting);
      form.closest(".list")?.scrollTo({ top: 0 });
      window.scrollTo({ top: 0 });
      document.getElementById(first)?.querySelector("a.open")?.focus({ preventScroll: true });
      document.dispatchEvent(new CustomEvent("ekorn:rows"));
    };
    if (!button.isConnected) bar.append(button);
  }
}
