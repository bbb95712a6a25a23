// The offline shell. One build is precached whole or not at all, checked by hash, and served before any network. The API is
// never touched. A new build waits until the page says that it is quiet; one that does not start gives way to the last that did.

const BUILD = "BUILD_ID";
const FILES = ["BUILD_FILES"];
const CACHE = `holdfast-${BUILD}`;
const STATE = "holdfast-state";

// Page loads without a first screen after which a build counts as broken, even one too broken to say so.
const STARTS_MAX = 3;

// {good: the last build that showed its first screen, bad: builds that did not, starts: loads of this build since it was new}
async function state() {
  const stored = await (await caches.open(STATE)).match("/pos/state");
  const value = stored ? await stored.json().catch(() => ({})) : {};
  return { good: value.good ?? null, bad: value.bad ?? [], starts: value.starts ?? {} };
}

async function setState(value) {
  await (await caches.open(STATE)).put("/pos/state", new Response(JSON.stringify(value)));
}

async function fetchChecked({ name, sha256 }) {
  const path = name === "index.html" ? "/pos" : `/pos/${name}`;
  const response = await fetch(path, { cache: "reload", redirect: "error" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hash !== sha256) throw new Error(`${path} is not what this build has`);
  return [path, new Response(bytes, { headers: response.headers })];
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      // Everything is fetched and checked before anything is stored.
      const files = await Promise.all(FILES.map(fetchChecked));
      await caches.delete(CACHE);
      const cache = await caches.open(CACHE);
      await Promise.all(files.map(([path, response]) => cache.put(path, response)));
    })(),
  );
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The build to serve: this one, unless it failed to start and there is one that did not.
async function serving(known) {
  const { good, bad } = known ?? (await state());
  if (bad.includes(BUILD) && good && good !== BUILD && (await caches.has(`holdfast-${good}`))) return `holdfast-${good}`;
  return CACHE;
}

// Counts the loads of a build that has not shown a first screen yet, and gives it up after a few. Gives the state as it is now.
async function countStart() {
  const known = await state();
  const { good, bad, starts } = known;
  if (good === BUILD || bad.includes(BUILD)) return known;
  const count = (starts[BUILD] ?? 0) + 1;
  const next = { good, bad: count > STARTS_MAX ? remember(bad) : bad, starts: { [BUILD]: count } };
  await setState(next);
  return next;
}

const remember = (bad) => [...new Set([...bad, BUILD])].slice(-20);

async function page(request) {
  return answer(request, "/pos", await countStart());
}

async function answer(request, path, known) {
  const cache = await caches.open(await serving(known));
  const found = (await cache.match(path)) ?? (await (await caches.open(CACHE)).match(path));
  // Evicted by the browser: the network is what is left.
  return found ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/pos/api/v1/pictures/")) return event.respondWith(picture(event.request));
  if (url.pathname.startsWith("/pos/api/")) return;
  if (event.request.mode === "navigate" && url.pathname === "/pos") return event.respondWith(page(event.request));
  if (url.pathname.startsWith("/pos/")) event.respondWith(answer(event.request, url.pathname));
});

// Pictures never change under their hash; what was seen once is there without a network.
async function picture(request) {
  const cache = await caches.open("holdfast-pictures");
  const found = await cache.match(request);
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone()).catch(() => {});
  return response;
}

self.addEventListener("message", (event) => {
  event.waitUntil(handle(event.data, event.ports[0]));
});

async function handle(message, port) {
  if (message?.type === "take-update") await self.skipWaiting();
  if (message?.type === "started") await confirm();
  if (message?.type === "failed") {
    const { good, bad } = await state();
    await setState({ good, bad: remember(bad) });
    const fallsBack = (await serving()) !== CACHE;
    port?.postMessage(fallsBack ? "previous" : "none");
  }
}

// The build that is served showed its first screen: it is the one to fall back to, and older ones may go.
async function confirm() {
  const current = await serving();
  const { bad } = await state();
  await setState({ good: current.slice("holdfast-".length), bad });
  const keep = [CACHE, current, STATE, "holdfast-pictures"];
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("holdfast-") && !keep.includes(name) && !isWaiting(name)).map((name) => caches.delete(name)));
}

// A build that is installed but waits has a cache of its own already.
const isWaiting = () => Boolean(self.registration.waiting || self.registration.installing);
