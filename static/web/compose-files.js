// Attachments: by button, drop and paste, each with its progress, to cancel, to try again, to remove.

// Photos from here on are offered smaller: octets, and the longest side then.
const LARGE = 1_500_000;
const SIDE = 1920;
const SHRINKS = /^image\/(jpeg|png|webp)$/;
const PICTURES = /^image\/(jpeg|png|gif|webp)$/;

export function files(desk) {
  const { form, words } = desk;
  const list = document.getElementById("files");
  const field = document.getElementById("attach");
  const limit = Number(form.dataset.limit);
  let inline = null;

  const taken = () => [...list.children].reduce((sum, file) => sum + Number(file.dataset.size || 0), 0);
  const busy = () => Boolean(list.querySelector(".going"));
  const size = (octets) => {
    const [amount, unit] = octets < 1e6 ? [octets / 1e3, "kilobyte"] : [octets / 1e6, "megabyte"];
    return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: amount < 10 ? 1 : 0 }).format(amount);
  };

  function line(file) {
    const made = document.createElement("li");
    made.className = "file going";
    const tile = Object.assign(document.createElement("span"), { className: "tile", textContent: (file.name.split(".").pop() ?? "").slice(0, 4).toUpperCase() });
    tile.setAttribute("aria-hidden", "true");
    const name = Object.assign(document.createElement("span"), { className: "file-name", textContent: file.name, title: file.name });
    name.dir = "auto";
    const state = Object.assign(document.createElement("span"), { className: "file-size", textContent: size(file.size) });
    const cancel = Object.assign(document.createElement("button"), { type: "button", className: "quiet-button", textContent: "×" });
    cancel.setAttribute("aria-label", words.cancel.replace("{name}", file.name));
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    bar.setAttribute("aria-label", file.name);
    made.append(tile, name, state, cancel, bar);
    made.dataset.size = file.size;
    return made;
  }

  // Answers the file's line once it is on the server, null where it is not.
  function upload(file, { inline: within = false } = {}) {
    if (taken() + file.size > limit) {
      desk.status(words.tooLarge.replace("{name}", file.name), true);
      return Promise.resolve(null);
    }
    const shown = line(file);
    if (within) shown.hidden = true;
    const beside = taken();
    list.append(shown);
    return sent(file, shown, within, beside);
  }

  function sent(file, shown, within, beside) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const query = new URLSearchParams({ name: file.name || words.picture, beside, ...(within ? { inline: 1 } : {}) });
      request.open("POST", `${form.dataset.upload}?${query}`);
      request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
      request.setRequestHeader("X-CSRFToken", desk.fields.csrfmiddlewaretoken.value);
      const bar = shown.querySelector("progress");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = event.loaded / event.total;
      });
      request.addEventListener("loadend", () => {
        if (request.status === 201) return done(arrived(request.responseText, shown));
        if (!shown.isConnected) return done(null);
        failed(request, shown, () => sent(file, shown, within, beside).then(done), () => done(null));
        return undefined;
      });
      shown.querySelector("button").onclick = () => {
        shown.remove();
        request.abort();
        field.focus();
      };
      request.send(file);
    });
  }

  function arrived(markup, shown) {
    // Our own server's markup, of values that it has escaped.
    shown.insertAdjacentHTML("afterend", markup);
    const fresh = shown.nextElementSibling;
    shown.remove();
    desk.changed();
    form.dispatchEvent(new CustomEvent("ekorn:attached"));
    return fresh;
  }

  function failed(request, shown, again, giveUp) {
    shown.classList.replace("going", "failed");
    shown.hidden = false;
    shown.dataset.size = 0;
    let said = {};
    try {
      said = JSON.parse(request.responseText);
    } catch {
      // No answer of ours.
    }
    shown.querySelector(".file-size").textContent = said.words ?? words.notUploaded;
    shown.querySelector("progress").remove();
    const remove = shown.querySelector("button");
    remove.onclick = () => {
      shown.remove();
      giveUp();
    };
    if (request.status === 413) return;
    const retry = Object.assign(document.createElement("button"), { type: "button", className: "text-button file-retry", textContent: words.tryAgain });
    retry.addEventListener("click", () => {
      retry.remove();
      shown.classList.replace("failed", "going");
      shown.append(Object.assign(document.createElement("progress"), { max: 1, value: 0 }));
      again();
    });
    shown.append(retry);
  }

  function remove(file) {
    const next = file.nextElementSibling?.querySelector("button") ?? document.getElementById("attach-button");
    file.remove();
    desk.changed();
    next.focus();
  }

  async function add(chosen) {
    const all = [...chosen];
    const large = all.filter((file) => SHRINKS.test(file.type) && file.size > LARGE);
    if (large.length) offer(large, all);
    else await Promise.all(all.map((file) => upload(file)));
  }

  // Asked once for all of them, in place.
  function offer(large, all) {
    const box = Object.assign(document.createElement("div"), { className: "compose-said shrink" });
    box.setAttribute("role", "group");
    const sum = size(large.reduce((total, file) => total + file.size, 0));
    box.append(Object.assign(document.createElement("span"), { textContent: words.largePictures.replace("{size}", sum) }));
    const answer = (text, smaller) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "text-button", textContent: text });
      button.addEventListener("click", async () => {
        box.remove();
        for (const file of all) upload(smaller && large.includes(file) ? await shrunk(file) : file);
      });
      box.append(button);
      return button;
    };
    const first = answer(words.smaller, true);
    answer(words.asTheyAre, false);
    list.before(box);
    first.focus();
  }

  async function shrunk(file) {
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const type = file.type === "image/png" ? "image/png" : "image/jpeg";
      const blob = await new Promise((done) => canvas.toBlob(done, type, 0.85));
      return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.webp$/i, ".jpg"), { type }) : file;
    } catch {
      return file;
    }
  }

  // A picture within the text where there is a place for it, else a file beside it.
  function take(chosen) {
    const all = [...chosen];
    const within = inline?.ready() ? all.filter((file) => PICTURES.test(file.type)) : [];
    for (const file of within) upload(file, { inline: true }).then((shown) => shown && inline.insert(shown.dataset.token, file.name));
    const rest = all.filter((file) => !within.includes(file));
    if (rest.length) add(rest);
  }

  document.getElementById("attach-button").addEventListener("click", () => field.click());
  field.addEventListener("change", () => {
    add(field.files);
    field.value = "";
  });

  const carries = (event) => event.dataTransfer?.types.includes("Files");
  let over = 0;
  const mark = (change) => {
    over = Math.max(0, change === 0 ? 0 : over + change);
    form.classList.toggle("dropping", over > 0);
  };
  addEventListener("dragenter", (event) => carries(event) && mark(1));
  addEventListener("dragleave", (event) => carries(event) && mark(-1));
  addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    mark(0);
    if (event.target.closest?.(".editor")) take(event.dataTransfer.files);
    else add(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.files ?? [];
    // A cell of a spreadsheet is text and its picture; the text is meant.
    if (!pasted.length || event.clipboardData.types.includes("text/plain") || event.clipboardData.types.includes("text/html")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.target.closest?.(".editor")) take(pasted);
    else add(pasted);
  }, true);

  return { add, take, upload, remove, busy, within: (editor) => (inline = editor) };
}
