// Starts the app, and looks after the service worker so that the app need not.
//
// The app speaks through attributes of <html>: data-started (its first screen is up), data-quiet (nobody is at work, so an
// update may be taken). This script answers with data-update ("waiting" while one is held back) and an event of that name.

const page = document.documentElement;
const worker = navigator.serviceWorker;
let isStarted = false;
const say = (message) => worker?.controller?.postMessage(message);

// The one place where text may become a page's HTML or a worker's address (Trusted Types; the hub's headers allow no other). The
// app's own templates and receipts never contain these elements, so what does is not ours.
globalThis.trustedTypes?.createPolicy("default", {
  createHTML(text) {
    if (/<\s*\/?(script|iframe|frame|object|embed|link|meta|base)\b/i.test(text)) throw new TypeError("this HTML is refused");
    return text;
  },
  createScriptURL(text) {
    if (text !== "/pos/sw.js") throw new TypeError(`no script comes from ${text}`);
    return text;
  },
});

function complain(sentence) {
  const main = document.createElement("main");
  main.className = "plain";
  const heading = document.createElement("h1");
  heading.textContent = "The counter did not start";
  const text = document.createElement("p");
  text.textContent = sentence;
  main.append(heading, text);
  document.body.replaceChildren(main);
}

async function start() {
  try {
    // Imported here and not above, so that a glue script that cannot be read is a failed start as well.
    const { default: init } = await import("/pos/APP_JS");
    await init({ module_or_path: "/pos/APP_WASM" });
    await started();
    isStarted = true;
    say({ type: "started" });
  } catch (error) {
    console.error(error);
    // The worker knows an older build that started; it serves that one from now on.
    if (worker?.controller && !sessionStorage.getItem("holdfast-fell-back")) {
      sessionStorage.setItem("holdfast-fell-back", "yes");
      const answer = await ask({ type: "failed", reason: String(error) });
      if (answer === "previous") return location.reload();
    }
    complain("Reload the page. If this stays, open it once with a network, or call your administrator.");
  }
}

function started() {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("no first screen within 20 s")), 20000);
    const look = () => {
      if (page.dataset.started !== "yes") return;
      clearTimeout(timer);
      observer.disconnect();
      resolve();
    };
    const observer = new MutationObserver(look);
    observer.observe(page, { attributes: true, attributeFilter: ["data-started"] });
    look();
  });
}

function ask(message) {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data);
    setTimeout(() => resolve(null), 3000);
    worker.controller.postMessage(message, [channel.port2]);
  });
}

async function register() {
  if (!worker) return;
  let hasController = Boolean(worker.controller);
  let taken = false;
  // Listened to before anything is awaited: on a busy machine the first worker is in control before the page goes on.
  worker.addEventListener("controllerchange", () => {
    // The first worker of all takes over a page that is already right.
    if (hasController && taken) location.reload();
    // A first visit is only now in the worker's hands: this is the build to fall back to.
    if (!hasController && isStarted) say({ type: "started" });
    hasController = true;
  });
  const registration = await worker.register("/pos/sw.js", { scope: "/pos", updateViaCache: "none" });

  const offer = () => {
    page.dataset.update = registration.waiting && worker.controller ? "waiting" : "none";
    dispatchEvent(new Event("holdfast-update"));
    if (registration.waiting && page.dataset.quiet === "yes") {
      taken = true;
      registration.waiting.postMessage({ type: "take-update" });
    }
  };
  const follow = (next) => next?.addEventListener("statechange", offer);
  follow(registration.installing);
  registration.addEventListener("updatefound", () => follow(registration.installing));
  new MutationObserver(offer).observe(page, { attributes: true, attributeFilter: ["data-quiet"] });
  setInterval(() => registration.update().catch(() => {}), 10 * 60 * 1000);
  addEventListener("online", () => registration.update().catch(() => {}));
  offer();
}

start();
register().catch((error) => console.warn("no service worker:", error));
