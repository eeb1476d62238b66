// Saving by itself: a copy in the browser at once, a draft on the server when a person pauses, or writes for long.

const PAUSE = 3000;
const LONGEST = 20000;
const COPY_AFTER = 400;
// A second for each of so many octets of attachments: each save carries them all.
const OCTETS = 1_000_000;
const SLOWEST = 60000;

export function saving(desk, copy) {
  const { form, words, fields } = desk;
  let changes = 0;
  let saved = 0;
  let since = 0;
  let timer = 0;
  let copying = 0;
  let running = null;
  let failures = 0;
  let over = false;

  const dirty = () => changes !== saved;
  const weight = () => [...form.querySelectorAll(".file")].reduce((sum, file) => sum + Number(file.dataset.size || 0), 0);

  function plan() {
    clearTimeout(timer);
    if (over || !dirty()) return;
    const slow = Math.min((weight() / OCTETS) * 1000 + failures * 5000, SLOWEST);
    const wait = Math.min(PAUSE + slow, Math.max(0, since + LONGEST + slow - Date.now()));
    timer = setTimeout(save, wait);
  }

  form.addEventListener("ekorn:changed", () => {
    if (over) return;
    if (!dirty()) since = Date.now();
    changes += 1;
    clearTimeout(copying);
    copying = setTimeout(() => copy.keep(), COPY_AFTER);
    plan();
  });

  function save() {
    running ??= once().finally(() => {
      running = null;
      plan();
    });
    return running;
  }

  async function once() {
    const version = changes;
    desk.status(words.saving);
    const said = await desk.ask("save");
    if (said.status === 200) {
      failures = 0;
      saved = version;
      since = Date.now();
      if (said.draft) field("draft").value = said.draft;
      for (const [former, value] of Object.entries(said.moved ?? {})) moved(former, value);
      if (!dirty()) copy.forget();
      desk.status(said.conflict ? words.conflict : said.words, Boolean(said.conflict));
      return true;
    }
    failures = Math.min(failures + 1, 10);
    const here = copy.keep();
    const why = said.status === 401 ? words.signedOut : (said.words ?? words.noConnection);
    desk.status(`${why} ${here ? words.keptHere : ""}`, true);
    return false;
  }

  // A part of a received message is an upload now.
  function moved(former, value) {
    for (const file of form.querySelectorAll(".file")) {
      if (file.dataset.token !== former) continue;
      const { token } = JSON.parse(value);
      file.dataset.token = token;
      file.querySelector('[name="attachment"]').value = value;
      file.querySelector('[name="do"]').value = `detach:${token}`;
    }
  }

  function field(name) {
    if (!fields[name]) form.append(Object.assign(document.createElement("input"), { type: "hidden", name }));
    return fields[name];
  }

  function done() {
    over = true;
    clearTimeout(timer);
    clearTimeout(copying);
  }

  form.addEventListener("ekorn:leaving", done);
  addEventListener("online", () => dirty() && save());
  addEventListener("beforeunload", (event) => {
    if (over || !dirty()) return;
    if (!copy.keep()) event.preventDefault();
  });
  // The tab may be gone for good: a last try, which outlives the page where it is small enough.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && !over && dirty()) {
      copy.keep();
      save();
    }
  });

  return {
    dirty,
    done,
    now: save,
    async pause() {
      clearTimeout(timer);
      await running;
      clearTimeout(timer);
    },
    resume: plan,
  };
}
