// The formatted signature in the editor of messages, where that is there. What is sent is still the field with its HTML.

import { open } from "./compose-editor.js";

const form = document.querySelector("form[data-editor]");
const field = document.getElementById("signature_rich");
const label = form.querySelector('label[for="signature_rich"]');
const preview = document.getElementById("signature-preview");

async function start() {
  const desk = { form, words: { message: label.dataset.formatted }, changed() {} };
  document.querySelector('[data-tool="picture"]').remove();
  // What the browser brought back is newer than what the page came with.
  const html = field.value === field.defaultValue ? form.dataset.signature : field.value;
  const editor = await open(desk, { take() {} }, field, html);
  field.hidden = true;
  label.textContent = label.dataset.formatted;
  if (preview) preview.hidden = true;
  form.addEventListener("submit", () => (field.value = editor.html()));
}

start().catch(console.warn);
