// Recipients as chips, with suggestions while one types. The field of the form stays, hidden, and holds them all.

const WAIT = 120;
// What can be an address at all; the server knows better, and says so before it sends.
const ADDRESS = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+\.?$|^"[^"]+"@[^\s@<>]+$|^[^\s@<>]+@\[[\d.:a-f]+\]$/iu;

export function people(desk) {
  for (const field of desk.form.querySelectorAll("textarea.people-field")) row(desk, field);
}

// One person each: commas and semicolons part them outside of quotes and brackets, lines and tabs everywhere.
export function apart(text) {
  const found = [];
  let at = "";
  let quoted = false;
  let depth = 0;
  for (const letter of text) {
    if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === "<") depth = 1;
    else if (!quoted && letter === ">") depth = 0;
    if (/[\n\r]/.test(letter) || (/[,;]/.test(letter) && !quoted && !depth)) {
      found.push(at);
      at = "";
      quoted = false;
      depth = 0;
    } else at += letter;
  }
  found.push(at);
  return found.map((one) => one.trim()).filter(Boolean);
}

function read(text) {
  const [, name, inside] = /^(.*?)\s*<([^<>]*)>$/su.exec(text) ?? [];
  const address = (inside ?? text).trim();
  const label = (name ?? "").replace(/^"|"$/g, "").replace(/\\(.)/g, "$1").trim() || address;
  return { text, address, label, sound: ADDRESS.test(address) };
}

function row(desk, field) {
  const { words, form } = desk;
  const label = form.querySelector(`label[for="${field.id}"]`);
  const box = document.createElement("div");
  box.className = "chips";
  const input = document.createElement("input");
  Object.assign(input, { type: "text", id: `${field.id}-typed`, autocomplete: "off", spellcheck: false, inputMode: "email" });
  input.setAttribute("autocapitalize", "none");
  input.setAttribute("dir", "auto");
  input.dataset.for = field.name;
  const list = document.createElement("ul");
  Object.assign(list, { id: `${field.id}-list`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.suggestions);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
  for (const name of ["aria-invalid", "aria-describedby"]) if (field.hasAttribute(name)) input.setAttribute(name, field.getAttribute(name));
  box.append(input);
  field.after(box, list);
  label.htmlFor = input.id;
  const focused = document.activeElement === field || field.autofocus;
  field.hidden = true;

  const chips = () => [...box.querySelectorAll(".chip")];
  const gather = () => {
    field.value = [...chips().map((chip) => chip.dataset.text), input.value.trim()].filter(Boolean).join(", ");
  };

  function chip(text) {
    const one = read(text);
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: one.sound ? "chip" : "chip bad", tabIndex: -1, title: one.sound ? one.address : words.notAnAddress });
    made.dataset.text = text;
    made.setAttribute("aria-label", `${one.label}${one.label === one.address ? "" : `, ${one.address}`}${one.sound ? "" : `, ${words.notAnAddress}`}. ${words.chipKeys}`);
    const name = Object.assign(document.createElement("span"), { className: "chip-label", textContent: one.label });
    name.dir = "auto";
    const cross = Object.assign(document.createElement("span"), { className: "chip-remove", textContent: "×" });
    cross.setAttribute("aria-hidden", "true");
    made.append(name, cross);
    return made;
  }

  function add(text) {
    const known = new Set(chips().map((one) => read(one.dataset.text).address.toLowerCase()));
    for (const one of apart(text)) {
      const address = read(one).address.toLowerCase();
      if (known.has(address)) continue;
      known.add(address);
      input.before(chip(one));
    }
  }

  function take() {
    if (!input.value.trim()) return false;
    add(input.value);
    input.value = "";
    close();
    tell();
    return true;
  }

  function tell() {
    gather();
    desk.changed();
  }

  function remove(one, focus) {
    one.remove();
    (focus ?? input).focus();
    tell();
  }

  function edit(one) {
    take();
    input.value = one.dataset.text;
    remove(one);
    input.select();
  }

  // Suggestions
  let timer = 0;
  let asked = null;
  let active = -1;

  function close() {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  async function suggest() {
    const text = input.value.trim();
    asked?.abort();
    if (!text) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.suggest}?${new URLSearchParams({ q: text.slice(0, 100), field: field.name })}`, { headers: { Accept: "application/json" }, signal: asked.signal });
      if (!answer.ok) return close();
      const suggestions = await answer.json();
      if (document.activeElement === input) draw(suggestions);
    } catch {
      // Another letter was typed, or there is no connection: what is typed stays.
    }
    return undefined;
  }

  function draw(suggestions) {
    const known = new Set(chips().map((one) => read(one.dataset.text).address.toLowerCase()));
    const fresh = suggestions.filter((one) => one.kind === "group" || !known.has(read(one.value).address.toLowerCase()));
    list.replaceChildren(...fresh.map((one, at) => {
      const line = document.createElement("li");
      Object.assign(line, { id: `${list.id}-${at}` });
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.dataset.value = one.value;
      const name = Object.assign(document.createElement("span"), { className: "suggestion-name", textContent: one.label });
      const detail = Object.assign(document.createElement("span"), { className: "suggestion-detail", textContent: one.detail && one.detail !== one.label ? one.detail : "" });
      name.dir = detail.dir = "auto";
      line.append(name, detail);
      return line;
    }));
    list.hidden = !fresh.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(fresh.length ? 0 : -1);
  }

  function mark(at) {
    active = at;
    [...list.children].forEach((line, number) => line.setAttribute("aria-selected", String(number === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    }
  }

  function choose(line) {
    input.value = "";
    add(line.dataset.value);
    close();
    tell();
    input.focus();
  }

  input.addEventListener("input", (event) => {
    if (!event.isComposing && /[,;]\s*$/.test(input.value) && apart(input.value).every((one) => read(one).sound)) {
      take();
      return;
    }
    gather();
    clearTimeout(timer);
    timer = setTimeout(suggest, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const open = !list.hidden;
    const count = list.children.length;
    if (open && event.key === "ArrowDown") mark((active + 1) % count);
    else if (open && event.key === "ArrowUp") mark((active - 1 + count) % count);
    else if (open && event.key === "Escape") {
      close();
      event.stopPropagation();
    } else if (event.key === "Enter" || (event.key === "Tab" && open && !event.shiftKey && input.value)) {
      if (open && active >= 0) choose(list.children[active]);
      else if (!take()) {
        if (event.key === "Enter") desk.fields.subject.focus();
        else return;
      }
    } else if ((event.key === "Backspace" || event.key === "ArrowLeft") && input.selectionStart === 0 && input.selectionEnd === 0) {
      const last = chips().at(-1);
      if (!last) return;
      last.focus();
    } else return;
    event.preventDefault();
  });
  input.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!/[\n,;]/.test(text.trim()) && !text.includes("@")) return;
    event.preventDefault();
    add(text);
    tell();
  });
  input.addEventListener("blur", () => {
    take();
    close();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const line = event.target.closest("li");
    if (line) choose(line);
  });
  box.addEventListener("click", (event) => {
    const one = event.target.closest(".chip");
    if (!one) input.focus();
    else if (event.target.closest(".chip-remove")) remove(one);
    else if (event.detail) edit(one);
  });
  box.addEventListener("keydown", (event) => {
    const one = event.target.closest(".chip");
    if (!one || event.ctrlKey || event.metaKey) return;
    const rtl = getComputedStyle(box).direction === "rtl";
    const before = one.previousElementSibling;
    const after = one.nextElementSibling;
    if (event.key === "Backspace") remove(one, before?.matches(".chip") ? before : input);
    else if (event.key === "Delete") remove(one, after ?? input);
    else if (event.key === "Enter" || event.key === "F2") edit(one);
    else if (event.key === (rtl ? "ArrowRight" : "ArrowLeft")) before?.focus();
    else if (event.key === (rtl ? "ArrowLeft" : "ArrowRight")) after?.focus();
    else if (event.key.length === 1 && event.key !== " ") {
      input.focus();
      return;
    } else return;
    event.preventDefault();
  });
  form.addEventListener("ekorn:gather", gather);

  add(field.value);
  gather();
  if (focused) input.focus();
}
