// Squire in its toolbar. Whatever HTML comes near it (a quoted letter, a paste) is rebuilt from a list of harmless parts
// first. The server cleans what is sent in any case; here it is so that nothing is fetched or shown that should not be.

const TAGS = new Set(
  "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var".split(" "),
);
const GONE = new Set("script style title head noscript template iframe object embed svg math select textarea audio video canvas link meta base".split(" "));
const ATTRIBUTES = new Set("align alt bgcolor border cellpadding cellspacing cite class color colspan dir face height href lang rowspan size span src start title type valign width".split(" "));
const LINK = /^(https?:|mailto:|tel:)/i;
const PICTURE = /^\/(compose\/file\/[^/?#]+\/|static\/)/;
const STYLE = /url\s*\(|expression|position\s*:|\\|@|image-set|var\s*\(/i;
const DEEPEST = 200;
// The page's policy has browsers complain of each style that they parse, so it goes by another name until it is set.
const TAG = /<[a-z][^\s>/]*(?:[\s/]+[^\s"'>=/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>/]+))?)*[\s/]*>/gi;
const STYLED = /([\s"'/])style(?=\s*=)/gi;

function clean(html) {
  // What is in a template is no part of the page: nothing of it runs, loads or is styled.
  const inert = document.createElement("template");
  inert.innerHTML = html.replace(TAG, (tag) => tag.replace(STYLED, "$1data-css"));
  const fragment = document.createDocumentFragment();
  copy(inert.content, fragment, 0);
  return fragment;
}

function copy(from, to, depth) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(document.createTextNode(node.data));
    if (node.nodeType !== Node.ELEMENT_NODE) continue;
    const tag = node.localName;
    if (node.namespaceURI !== "http://www.w3.org/1999/xhtml" || GONE.has(tag)) continue;
    if (!TAGS.has(tag) || depth > DEEPEST) {
      copy(node, to, depth);
      continue;
    }
    const made = document.createElement(tag);
    for (const { name, value } of node.attributes) attribute(made, name, value);
    if (tag === "img" && !made.hasAttribute("src")) {
      if (node.alt) to.append(document.createTextNode(node.alt));
      continue;
    }
    copy(node, made, depth + 1);
    to.append(made);
  }
}

function attribute(made, name, value) {
  if (name === "data-css") {
    if (!STYLE.test(value)) made.style.cssText = value;
  } else if (!ATTRIBUTES.has(name)) return;
  else if (name === "href" || name === "cite") {
    if (LINK.test(value.trim())) made.setAttribute(name, value.trim());
  } else if (name === "src") {
    const address = value.startsWith(location.origin) ? value.slice(location.origin.length) : value;
    if (made.localName === "img" && PICTURE.test(address)) made.setAttribute(name, address);
  } else made.setAttribute(name, value);
}

export async function open(desk, uploads, plain, html) {
  const { default: Squire } = await import(desk.form.dataset.editor);
  const { words } = desk;
  const tools = document.getElementById("tools");
  const root = document.createElement("div");
  root.className = "editor";
  Object.assign(root, { lang: plain.lang, spellcheck: true, dir: "auto" });
  for (const [name, value] of Object.entries({ role: "textbox", "aria-multiline": "true", "aria-label": words.message })) root.setAttribute(name, value);
  root.dataset.for = "text";
  plain.before(root);
  const squire = new Squire(root, { sanitizeToDOMFragment: clean, blockTag: "DIV", addLinks: true, didError: () => {} });
  root.lang = plain.lang;
  let ready = false;
  squire.setHTML(html || "<div><br></div>");
  // Lines to write on are what the Enter key makes of them.
  for (const line of root.querySelectorAll(":scope > p")) {
    if (!line.textContent && !line.querySelector("img")) line.replaceWith(squire.createDefaultBlock());
  }
  squire.addEventListener("input", () => ready && desk.changed());
  squire.addEventListener("willPaste", () => ready && desk.changed());

  // Toolbar: one stop of the Tab key, arrows within.
  const buttons = [...tools.querySelectorAll("button")];
  const commands = {
    bold: () => (squire.hasFormat("B") ? squire.removeBold() : squire.bold()),
    italic: () => (squire.hasFormat("I") ? squire.removeItalic() : squire.italic()),
    underline: () => (squire.hasFormat("U") ? squire.removeUnderline() : squire.underline()),
    bullets: () => (squire.hasFormat("UL") ? squire.removeList() : squire.makeUnorderedList()),
    numbers: () => (squire.hasFormat("OL") ? squire.removeList() : squire.makeOrderedList()),
    quote: () => squire.increaseQuoteLevel(),
    heading: () => heading(),
    link: () => link(),
    picture: () => chooser.click(),
    clear: () => squire.removeAllFormatting(),
    undo: () => squire.undo(),
    redo: () => squire.redo(),
  };
  const STATES = { bold: "B", italic: "I", underline: "U", bullets: "UL", numbers: "OL", quote: "BLOCKQUOTE", heading: "H3", link: "A" };

  function heading() {
    const is = squire.hasFormat("H3");
    squire.modifyBlocks((fragment) => {
      for (const block of [...fragment.querySelectorAll(is ? "h3" : "div, p")]) {
        if (block.querySelector("div, p, blockquote, ul, ol, table")) continue;
        const made = document.createElement(is ? "div" : "h3");
        made.append(...block.childNodes);
        block.replaceWith(made);
      }
      return fragment;
    });
  }

  const dialog = document.getElementById("link-dialog");
  const address = dialog.querySelector("input");
  function link() {
    const found = /\bA\b/.test(squire.getPath()) ? closest("a") : null;
    address.value = found?.getAttribute("href") ?? "";
    dialog.returnValue = "";
    dialog.showModal();
    address.select();
  }
  function closest(selector) {
    const at = squire.getSelection().commonAncestorContainer;
    return (at.nodeType === Node.ELEMENT_NODE ? at : at.parentElement).closest(selector);
  }
  function linked() {
    let to = address.value.trim();
    squire.focus();
    if (dialog.returnValue !== "ok") return;
    if (!to) {
      squire.removeLink();
      return;
    }
    if (!LINK.test(to)) to = to.includes("@") && !to.includes("/") ? `mailto:${to}` : `https://${to}`;
    if (squire.getSelection().collapsed && !closest("a")) squire.insertHTML(Object.assign(document.createElement("a"), { href: to, textContent: address.value.trim() }).outerHTML);
    else squire.makeLink(to);
  }

  const chooser = Object.assign(document.createElement("input"), { type: "file", accept: "image/png,image/jpeg,image/gif,image/webp", multiple: true, hidden: true });
  tools.append(chooser);
  chooser.addEventListener("change", () => {
    uploads.take(chooser.files);
    chooser.value = "";
  });

  function press(event) {
    const button = event.target.closest("button");
    if (!button) return;
    commands[button.dataset.tool]();
    if (button.dataset.tool !== "link" && button.dataset.tool !== "picture") squire.focus();
  }
  function states() {
    for (const button of buttons) {
      const tag = STATES[button.dataset.tool];
      if (tag) button.setAttribute("aria-pressed", String(squire.hasFormat(tag)));
    }
  }
  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    buttons.forEach((button, number) => (button.tabIndex = number === at ? 0 : -1));
    buttons[at].focus();
    event.preventDefault();
  }
  const hold = (event) => event.preventDefault();
  tools.addEventListener("click", press);
  tools.addEventListener("keydown", move);
  // The selection of the text stays while a button is pressed.
  tools.addEventListener("pointerdown", hold);
  tools.addEventListener("mousedown", hold);
  dialog.addEventListener("close", linked);
  squire.addEventListener("pathChange", states);
  squire.addEventListener("undoStateChange", ({ detail }) => {
    tools.querySelector('[data-tool="undo"]').disabled = !detail.canUndo;
    const redo = tools.querySelector('[data-tool="redo"]');
    if (redo) redo.disabled = !detail.canRedo;
  });
  for (const mod of ["Ctrl", "Meta"]) {
    squire.setKeyHandler(`${mod}-k`, (_, event) => {
      event.preventDefault();
      link();
    });
    // Sending is the page's business.
    squire.setKeyHandler(`${mod}-Enter`, () => {});
  }
  // Squire looks at the line's last letters: bold that was turned off after them would come back on the next line.
  squire.setKeyHandler("Enter", (_, event, range) => {
    event.preventDefault();
    const off = ["B", "I", "U"].filter((tag) => !squire.hasFormat(tag));
    squire.splitBlock(false, range);
    for (const tag of off) if (squire.hasFormat(tag)) squire.changeFormat(null, { tag });
  });
  buttons.forEach((button, at) => (button.tabIndex = at ? -1 : 0));
  tools.hidden = false;
  setTimeout(() => (ready = true));

  return {
    html: () => squire.getHTML(),
    focus() {
      squire.focus();
      if (desk.form.dataset.cursor === "end") squire.moveCursorToEnd();
      else if (!ready || !root.contains(getSelection().anchorNode)) squire.moveCursorToStart();
    },
    sign(html, fresh) {
      let place = root.querySelector(":scope > .signature");
      if (!place && (!html || !fresh)) return;
      squire.saveUndoState();
      if (!place) {
        place = Object.assign(document.createElement("div"), { className: "signature" });
        root.append(place);
      }
      if (html) place.replaceChildren(clean(html));
      else place.replaceWith(squire.createDefaultBlock());
    },
    picture(source, name) {
      squire.insertImage(source, { alt: name });
      desk.changed();
    },
    close() {
      tools.hidden = true;
      tools.removeEventListener("click", press);
      tools.removeEventListener("keydown", move);
      tools.removeEventListener("pointerdown", hold);
      tools.removeEventListener("mousedown", hold);
      dialog.removeEventListener("close", linked);
      chooser.remove();
      squire.destroy();
      root.remove();
    },
  };
}
