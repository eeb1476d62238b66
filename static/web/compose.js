// Writing a message. The form works without any of this; script saves page loads, and saves while one writes.

import { copies } from "./compose-copies.js";
import { saving } from "./compose-saving.js";
import { people } from "./compose-people.js";
import { files } from "./compose-files.js";
import { formatting } from "./compose-format.js";

const form = document.getElementById("compose");
const words = JSON.parse(document.getElementById("compose-words").textContent);
const fields = form.elements;
document.documentElement.classList.add("scripted");

// Whoever changes something says so here, whoever needs to know listens.
const desk = {
  form,
  words,
  fields,
  changed: () => form.dispatchEvent(new CustomEvent("ekorn:changed")),
  status(text, trouble = false) {
    const line = document.getElementById("status");
    line.textContent = text;
    line.classList.toggle("trouble", trouble);
  },
  // The form as it would be sent, without the files that lie in fields.
  data() {
    form.dispatchEvent(new CustomEvent("ekorn:gather"));
    const data = new FormData(form);
    data.delete("file");
    return data;
  },
  // Presses a button of the form by a request of ours. Answers {status, ...what the server said}; status 0: no answer.
  async ask(action, options = {}) {
    const data = this.data();
    data.set("do", action);
    // What was changed is known here; the server need not compare.
    data.set("shown", "");
    for (const [name, value] of Object.entries(options.also ?? {})) data.append(name, value);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: data,
        headers: { Accept: "application/json" },
        keepalive: Boolean(options.keepalive),
      });
      const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
      return { status: answer.status, ...said };
    } catch {
      return { status: 0 };
    }
  },
};

const copy = copies(desk);
const draft = saving(desk, copy);
people(desk);
const uploads = files(desk);
const format = formatting(desk, uploads);

// Errors of an answer beside their fields, as the server would have drawn them.
function show(said) {
  for (const line of form.querySelectorAll(".field-error, #said, #question")) line.remove();
  for (const wrong of form.querySelectorAll('[aria-invalid="true"]')) {
    wrong.removeAttribute("aria-invalid");
    wrong.removeAttribute("aria-describedby");
  }
  for (const [name, lines] of Object.entries(said.errors ?? {})) wrong(name, lines);
  if (said.said) form.querySelector(".compose-fields").insertAdjacentHTML("beforebegin", said.said);
  const first = form.querySelector("#question .button, [aria-invalid]:not([hidden]), .field-error, #said");
  first?.focus();
  first?.scrollIntoView({ block: "nearest" });
}

function wrong(name, lines) {
  const line = document.createElement("p");
  line.className = "field-error";
  line.id = `${name}-error`;
  line.tabIndex = -1;
  line.append(...lines.map((text) => Object.assign(document.createElement("span"), { textContent: text })));
  const field = form.querySelector(`[data-for="${name}"]`) ?? fields[name];
  const control = field instanceof Element ? field : null;
  const row = control?.closest(".compose-row, .field, .compose-body") ?? form.querySelector(".files");
  if (row.closest("details")) row.closest("details").open = true;
  row.after(line);
  control?.setAttribute("aria-invalid", "true");
  control?.setAttribute("aria-describedby", line.id);
}

async function send(button) {
  if (form.ariaBusy === "true") return;
  if (uploads.busy()) {
    desk.status(words.uploading, true);
    return;
  }
  form.ariaBusy = "true";
  button.setAttribute("aria-busy", "true");
  desk.status(words.sending);
  await draft.pause();
  const said = await desk.ask(button.value);
  if (said.go) {
    copy.forget();
    draft.done();
    location.assign(said.go);
    return;
  }
  form.ariaBusy = "false";
  button.removeAttribute("aria-busy");
  if (said.status === 401 || said.status === 403 || said.status === 409) return plainly(button);
  desk.status(said.status ? "" : words.notSent, true);
  show(said);
  draft.resume();
}

// As without script: the answer is a page, which holds everything.
function plainly(button) {
  draft.done();
  form.dispatchEvent(new CustomEvent("ekorn:gather"));
  const action = Object.assign(document.createElement("input"), { type: "hidden", name: "do", value: button.value });
  form.append(action);
  form.submit();
}

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  const action = button?.value ?? "save";
  if (action === "send" || action === "send-later") {
    event.preventDefault();
    send(button);
  } else if (action === "save") {
    event.preventDefault();
    draft.now();
  } else if (action.startsWith("detach:")) {
    event.preventDefault();
    uploads.remove(button.closest(".file"));
  } else if (action === "leave") {
    event.preventDefault();
    leave(button);
  } else {
    // Everything else is a page, with what the page must know.
    form.dispatchEvent(new CustomEvent("ekorn:gather"));
    if (action === "discard") copy.forget();
    draft.done();
  }
});

// Back: what was written is kept, and nothing is asked.
async function leave(button) {
  await draft.pause();
  if (!draft.dirty() && !uploads.busy()) {
    draft.done();
    if (document.referrer && new URL(document.referrer).pathname === new URL(fields.next.value, location).pathname && history.length > 1) history.back();
    else location.assign(fields.next.value || "/");
    return;
  }
  const said = await desk.ask("leave");
  if (said.go) {
    copy.forget();
    draft.done();
    location.assign(said.go);
  } else if (said.status === 401 || said.status === 403 || said.status === 409) plainly(button);
  else {
    desk.status(said.words ?? words.notSaved, true);
    draft.resume();
  }
}

form.addEventListener("click", (event) => {
  if (!event.target.closest("[data-keep-writing]")) return;
  event.preventDefault();
  form.querySelector("#question")?.remove();
  format.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(document.getElementById("send"));
  } else if (event.key === "Escape" && !document.querySelector("dialog[open], details.menu[open], :popover-open")) {
    event.preventDefault();
    form.requestSubmit(document.getElementById("leave"));
  } else if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    draft.now();
  }
});

// Enter in a field of one line goes on to the letter instead of pressing a button.
fields.subject.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
  event.preventDefault();
  format.focus();
});

form.addEventListener("input", () => desk.changed());
form.addEventListener("change", () => desk.changed());
// A file was what was missing.
form.addEventListener("ekorn:attached", () => form.querySelector("#question")?.remove());
copy.offer();
