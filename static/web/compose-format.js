// Formatted text: the editor takes the place of the plain field where the person wants it, and is loaded only then.

export function formatting(desk, uploads) {
  const { form, fields, words } = desk;
  const plain = document.getElementById("text");
  const html = fields.html;
  const button = document.getElementById("format-button");
  const available = Boolean(form.dataset.editor);
  let editor = null;

  uploads.within({
    ready: () => editor !== null,
    insert: (token, name) => editor?.picture(`/compose/file/${encodeURIComponent(token)}/`, name),
  });
  form.addEventListener("ekorn:gather", () => {
    if (editor) html.value = editor.html();
    // A picture that was taken out of the text does not go along, until it is put in again.
    for (const file of form.querySelectorAll(".file[data-inline]")) {
      const named = file.dataset.token;
      file.querySelector("input").disabled = editor !== null && !html.value.includes(encodeURIComponent(named)) && !html.value.includes(named);
    }
    fields.rich.value = editor ? "1" : "";
  });

  async function start() {
    try {
      const { open } = await import("./compose-editor.js");
      editor = await open(desk, uploads, plain, html.value);
    } catch (error) {
      // Without the editor the plain text is there, and is what goes out.
      console.warn(error);
      button.hidden = true;
      return;
    }
    plain.hidden = true;
    pressed();
  }

  function stop() {
    editor.close();
    editor = null;
    plain.hidden = false;
    pressed();
  }

  function pressed() {
    button.setAttribute("aria-pressed", String(editor !== null));
    form.classList.toggle("formatted", editor !== null);
  }

  // The server turns one into the other, as it does for those who have no script.
  async function change() {
    button.disabled = true;
    const to = editor ? "plain" : "rich";
    const said = await desk.ask(to);
    button.disabled = false;
    if (said.status !== 200) {
      desk.status(said.words ?? words.noConnection, true);
      return;
    }
    if (to === "plain") {
      plain.value = said.text;
      stop();
      plain.focus();
    } else {
      html.value = said.html;
      await start();
      editor?.focus();
    }
    desk.changed();
  }

  function focus() {
    if (editor) return editor.focus();
    plain.focus();
    if (form.dataset.cursor === "end") plain.setSelectionRange(plain.value.length, plain.value.length);
    else plain.setSelectionRange(0, 0);
    plain.scrollTop = 0;
    return undefined;
  }

  // Another identity, another signature; where the former was changed by hand it stays.
  let signed = fields.identity.value;
  if (fields.identity.type !== "hidden") {
    fields.identity.addEventListener("change", async () => {
      const said = await desk.ask(`sign:${signed}`);
      if (said.status !== 200) return;
      signed = fields.identity.value;
      if (said.was && plain.value.includes(said.was)) plain.value = plain.value.replace(said.was, () => said.text);
      else if (!said.was && said.text && !fields.in_reply_to.value) plain.value = `${plain.value.trimEnd()}\n\n${said.text}`;
      editor?.sign(said.html, !fields.in_reply_to.value);
      desk.changed();
    });
  }

  const wanted = document.activeElement === plain || plain.autofocus;
  if (available) {
    button.hidden = false;
    button.addEventListener("click", change);
    if (form.dataset.rich) start().then(() => wanted && focus());
    else if (wanted) focus();
  } else if (wanted) focus();

  return { focus };
}
