// Keeps the page fresh: it asks for the page's own address and puts in what differs. It has no words of its
// own, and everything works without it.
"use strict";
(() => {
  const body = document.body, words = body.dataset;
  const pulse = document.querySelector(".pulse"), search = document.querySelector("input[type=search]");
  const ASK = 9000, ASK_WITH_STREAM = 60000, RETRY = 1500, SILENCE = 25000;
  const OURS = "meta[name=generator][content=uptime-check-manager]";
  const FIRST_PAUSE = 2000, LONGEST_PAUSE = 30000; // up to twice as long, so that not all come at once
  let etag = "", title = document.title, icon = link().href, offset = 0;
  let asked = now(), heard = now(), ticked = -Infinity, failing = 0, behind = false, busy = false, again = false, typing = 0;

  function now() { return performance.now(); }
  function link() { return document.querySelector("link[rel=icon]"); }
  function streaming() { return now() - ticked < 15000; }

  // A row that is wanted further down must not be lost on the way, and one that nobody wants must go.
  const leaving = document.createDocumentFragment();

  // Puts in what differs, and leaves alone what does not: focus, scrolling and what is typed stay.
  function morph(old, fresh, rows) {
    if (old.isEqualNode(fresh) || (old.matches && old.matches("input, .pulse"))) return;
    if (old.nodeType !== 1 || old.nodeName !== fresh.nodeName) return void old.replaceWith(fresh);
    const stood = hostOf(old) !== undefined && old.className.replace(" fresh", "");
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    if (stood && stood !== old.className) glow(old);
    let at = old.firstChild;
    for (const child of [...fresh.childNodes]) {
      const host = hostOf(child);
      const same = host !== undefined ? rows.get(host) : at && at.nodeName === child.nodeName && !hostOf(at) ? at : null;
      if (!same) { insert(old, child, at, rows); continue; }
      rows.delete(host);
      if (same === at) at = at.nextSibling; else old.insertBefore(same, at);
      morph(same, child, rows);
    }
    while (at) { const next = at.nextSibling; if (rows.has(hostOf(at))) leaving.append(at); else at.remove(); at = next; }
  }

  // Rows that are known move into a new group; they are not made again.
  function insert(parent, child, before, rows) {
    if (!child.querySelector || !child.querySelector("tr[data-host]")) return void parent.insertBefore(child, before);
    const shell = child.cloneNode(false);
    parent.insertBefore(shell, before);
    morph(shell, child, rows);
  }

  function hostOf(node) { return node.dataset && node.dataset.host; }

  function glow(row) {
    row.classList.add("fresh");
    setTimeout(() => row.classList.remove("fresh"), 2000);
  }

  // What stays as it is while the parts of the page change: it differs after an update or an edit of the language.
  // What translators and extensions add to a page does not count.
  function frame(page) {
    const { live, lostIcon, zone } = page.body.dataset;
    const files = [...page.querySelectorAll("script[src^=assets], [rel=stylesheet][href^=assets]")];
    return JSON.stringify([live, lostIcon, zone, files.map((file) => file.getAttribute("src") || file.getAttribute("href"))]);
  }

  function put(page) {
    if (frame(page) !== frame(document)) return void location.reload();
    const focused = document.activeElement;
    const rows = new Map([...document.querySelectorAll("tr[data-host]")].map((row) => [row.dataset.host, row]));
    for (const part of ["nav.back", "header", "main", "footer"]) {
      const old = document.querySelector(part), fresh = page.querySelector(part);
      if (old && fresh) morph(old, fresh, rows);
    }
    leaving.replaceChildren();
    if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
    title = page.title;
    icon = page.querySelector("link[rel=icon]").getAttribute("href");
    show();
  }

  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    asked = now();
    const address = location.href;
    try {
      const answer = await fetch(address, { cache: "no-cache", signal: AbortSignal.timeout(10000) });
      if (answer.status === 503 && answer.headers.has("Retry-After")) return void (behind = true); // too many ask
      const text = await answer.text(), tag = answer.headers.get("ETag");
      const page = tag && tag === etag ? null : new DOMParser().parseFromString(text, "text/html");
      if (answer.status >= 500 || (page && !page.querySelector(OURS))) throw new Error(); // perhaps a proxy's own page
      if (!answer.ok) return void location.reload(); // the host is gone, or this page is no longer for us
      offset = Date.parse(answer.headers.get("Date")) - Date.now() || 0;
      failing = 0;
      heard = now();
      if (page && address === location.href) {
        put(page);
        etag = tag;
      }
      behind = false;
    } catch {
      behind = true; // until a refresh succeeds: a live stream says nothing about this page
      failing = failing || now();
    } finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
    show();
  }

  // How long nothing has been heard is measured by this machine's clock; the time shown is the server's.
  function clock() {
    const at = new Date(Date.now() - (now() - heard) + offset), style = { timeStyle: "medium" };
    try {
      return at.toLocaleTimeString("en-GB", { ...style, timeZone: words.zone });
    } catch {
      return at.toLocaleTimeString("en-GB", style);
    }
  }

  // The page is made once a minute; until it says minutes, a duration in seconds passes with the clock.
  function count() {
    for (const time of document.querySelectorAll("[data-new]")) {
      const age = Math.floor((Date.now() + offset - Date.parse(time.dateTime)) / 1000);
      if (etag && age >= 0 && age < 60) time.textContent = time.textContent.replace(/\d+/, age);
    }
  }

  function isLost() {
    const patience = streaming() ? 5000 : 1000;
    return now() - heard > SILENCE || (failing && now() - failing > patience && now() - heard > 5000);
  }

  function show() {
    const lost = Boolean(isLost());
    if (lost !== body.classList.contains("lost")) tellLost(lost);
    body.classList.add("live");
    if (!lost) count();
    pulse.textContent = lost ? clock() : `${streaming() ? words.live : words.asking} · ${clock()}`;
    const shownTitle = lost ? `(?) ${title}` : title, shownIcon = lost ? words.lostIcon : icon;
    if (document.title !== shownTitle) document.title = shownTitle;
    if (link().getAttribute("href") !== shownIcon) link().href = shownIcon;
  }

  function tellLost(lost) {
    body.classList.toggle("lost", lost);
    const known = document.querySelector(".out-of-touch");
    if (!lost) return void (known && known.remove());
    const box = document.createElement("div");
    box.className = "say out-of-touch";
    box.setAttribute("role", "alert");
    box.append(document.createElement("p"));
    box.firstChild.textContent = words.lostBefore + clock() + words.lostAfter;
    document.querySelector("main").before(box);
  }

  // One stream for all tabs of a browser: the one that holds the lock listens, and informs the others.
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("uptime-check-manager") : null;
  function word(said) {
    const first = !streaming(); // for a while: news may have been missed
    heard = ticked = now();
    failing = 0;
    if (said === "news" || first) setTimeout(refresh, Math.random() * 300);
    show();
  }
  function tell(said) {
    if (channel) channel.postMessage(said);
    word(said);
  }
  let pause = FIRST_PAUSE;
  function listen() {
    const source = new EventSource("events");
    source.onopen = () => { pause = FIRST_PAUSE; tell("news"); };
    if (channel) channel.onmessage = () => source.readyState === EventSource.OPEN && channel.postMessage("tick");
    for (const said of ["news", "tick"]) source.addEventListener(said, () => tell(said));
    source.onerror = () => {
      if (channel) channel.postMessage("lost"); // perhaps: the others cannot know
      if (source.readyState !== EventSource.CLOSED) return refresh();
      setTimeout(listen, pause * (1 + Math.random())); // no room, or a proxy without a server
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
  }
  function hear(said) {
    if (said === "lost") refresh(); else if (said !== "hello") word(said);
  }
  if (channel) {
    channel.onmessage = (event) => hear(event.data);
    channel.postMessage("hello"); // whoever listens answers
  }
  if (navigator.locks) navigator.locks.request("uptime-check-manager", () => new Promise(() => listen()));

  setInterval(() => {
    const every = behind || isLost() ? RETRY : streaming() ? ASK_WITH_STREAM : ASK;
    if (now() - asked > every) refresh();
    show();
  }, 1000);
  addEventListener("pageshow", (event) => event.persisted && refresh());
  document.addEventListener("visibilitychange", () => document.hidden || refresh());

  if (!search) return;
  function find() {
    const address = new URL(location.href), typed = search.value.trim();
    if (typed) address.searchParams.set("q", typed); else address.searchParams.delete("q");
    address.searchParams.delete("page");
    if (address.href === location.href) return;
    history.replaceState(null, "", address);
    refresh();
  }
  search.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(find, 200); });
  search.form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(typing); find(); });
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA)$/.test(event.target.nodeName)) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
})();
