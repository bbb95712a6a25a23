// Somebody tries: what lies on the disk, a copied browser, guessed PINs, other origins, requests altered on the way.

import assert from "node:assert/strict";
import { cpSync, readFileSync, readdirSync, statSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { test as scenario } from "node:test";
import {
  PINS, barcode, enrol, freePort, journals, openForBusiness, sell, signIn, sleep, startBrowser, startShop, test,
} from "../counter.mjs";

const says = (page, text) => test(page, "notice").filter({ hasText: text }).waitFor();

/** Every file below a folder. */
function* filesBelow(folder) {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat?.isDirectory()) yield* filesBelow(file);
    else if (stat?.isFile()) yield file;
  }
}

/** The ways a text may lie in a file. */
const ways = (text) => [Buffer.from(text, "utf8"), Buffer.from(text, "utf16le")];

/** The files of a profile that hold these bytes; the browser's own settings and caches of the app are files like any other. */
function found(profile, needles) {
  const hits = [];
  for (const file of filesBelow(profile)) {
    const content = readFileSync(file);
    if (needles.some((needle) => content.includes(needle))) hits.push(path.relative(profile, file));
  }
  return hits;
}

/** All that the database holds, as a script on the page would see it: keys of WebCrypto stay closed. */
const dump = (page) =>
  page.evaluate(async () => {
    const database = await new Promise((resolve) => (indexedDB.open("holdfast").onsuccess = (event) => resolve(event.target.result)));
    const readable = (value) => {
      if (value instanceof CryptoKey) return value.type === "public" ? "public key" : `closed key, extractable: ${value.extractable}`;
      if (value instanceof Uint8Array || value instanceof ArrayBuffer) {
        return Array.from(new Uint8Array(value), (byte) => String.fromCharCode(byte)).join("");
      }
      if (Array.isArray(value)) return value.map(readable).join("\n");
      if (value && typeof value === "object") return Object.entries(value).map(([name, part]) => `${name}: ${readable(part)}`).join("\n");
      return String(value);
    };
    const text = {};
    for (const store of database.objectStoreNames) {
      const objects = database.transaction(store).objectStore(store);
      const values = await new Promise((resolve) => (objects.getAll().onsuccess = (event) => resolve(event.target.result)));
      text[store] = values.map(readable).join("\n");
    }
    database.close();
    return text;
  });

scenario("after a day of selling neither the files nor the database say PINs, passwords, customers or sales", async (t) => {
  const { page, port, profile, kill } = await startShop(t);
  const verifiers = [];
  page.on("response", async (response) => {
    if (!/\/(enrolment|terminal)$/.test(response.url())) return;
    const { employees = [] } = await response.json().catch(() => ({}));
    verifiers.push(...employees.map((employee) => employee.verifier));
  });
  await openForBusiness(page, port);
  const receipts = [];
  for (let n = 0; n < 12; n++) receipts.push(await sell(page, [barcode(n), barcode(n + 20)]));
  assert.ok(verifiers.length >= 3, "the verifiers went over the wire, so there is something to look for");

  const text = await dump(page);
  assert.ok(text.meta.includes("Amara"), "the names on the sign-in screen are there: the search itself works");
  assert.ok(text.journal.length > 1_000);
  const all = Object.values(text).join("\n");
  const secrets = ["holdfast-request", "Greta Eriksen", "Hotel Kieler", receipts[0], receipts[11], "SignedIn", "Harbour Street - "];
  for (const secret of secrets) assert.ok(!`${text.journal}${text.meta}`.includes(secret), secret);
  for (const verifier of verifiers) {
    assert.ok(!all.includes(verifier), "a verifier as text");
    assert.ok(!all.includes(Buffer.from(verifier, "base64url").toString("latin1")), "a verifier as bytes");
  }
  for (const pin of Object.values(PINS)) assert.ok(!new RegExp(`(?<![0-9a-f])${pin}(?![0-9a-f])`).test(text.meta + text.journal), "a PIN");
  assert.ok(all.includes("extractable: false") && !all.includes("extractable: true"), "no key but the public one can be taken out");
  await kill();

  assert.notDeepEqual(found(profile, ways("Amara")), [], "the search of files works");
  const words = ["Greta Eriksen", "Hotel Kieler", receipts[0], receipts[11], ...verifiers];
  for (const secret of words) assert.deepEqual(found(profile, ways(secret)), [], secret);
  for (const verifier of verifiers) assert.deepEqual(found(profile, [Buffer.from(verifier, "base64url")]), []);
  // The browser may have offered to remember the account's password: the form asks it not to.
  const password = found(path.join(profile, "Default"), ways("holdfast")).filter((file) => /Login Data|Web Data/.test(file));
  for (const file of password) assert.ok(!readFileSync(path.join(profile, "Default", file)).includes("manager"), file);
});

scenario("a copied profile opens nothing without a PIN, and the hub sees that the journal goes two ways", async (t) => {
  const { page, port, profile, data, folder, kill } = await startShop(t);
  await openForBusiness(page, port);
  await sell(page, [barcode(1)]);
  await test(page, "status").filter({ hasText: /Everything is with the hub/ }).waitFor();
  await kill();
  const copy = path.join(folder, "copy");
  // Chromium marks a profile as in use by links that name a machine and a process.
  cpSync(profile, copy, { recursive: true, filter: (source) => !path.basename(source).startsWith("Singleton") });

  const thief = await startBrowser(t, copy);
  await thief.page.goto(`http://localhost:${port}/pos`);
  await test(thief.page, "employee").first().waitFor();
  await test(thief.page, "employee").filter({ hasText: "Amara" }).click();
  await thief.page.keyboard.type("1234");
  await says(thief.page, "That PIN is not right");
  assert.equal(await thief.page.locator("main.sell").count(), 0);
  assert.equal(await thief.page.getByText("Greta").count(), 0);

  // Whoever knows a PIN sells on, from the copy and from the original.
  await thief.page.keyboard.type(PINS["Amara Lindqvist"]);
  await thief.page.locator("main.sell").waitFor();
  await sell(thief.page, [barcode(2)]);
  await test(thief.page, "status").filter({ hasText: /Everything is with the hub/ }).waitFor();
  await thief.kill();
  const original = await startBrowser(t, profile);
  await original.page.goto(`http://localhost:${port}/pos`);
  await signIn(original.page);
  await sell(original.page, [barcode(3)]);
  for (let tries = 0; tries < 100 && journals(data)[0].forked === 0; tries++) await sleep(200);
  const [journal] = journals(data);
  assert.ok(journal.forked > 0, "both lines are kept and it is known");
});

scenario("keys are bound to their database: the records of one terminal open nothing at another", async (t) => {
  const { page, port, folder } = await startShop(t);
  await openForBusiness(page, port);
  await sell(page, [barcode(1)]);
  const move = async (from, to) => {
    const values = await from.evaluate(async () => {
      const database = await new Promise((resolve) => (indexedDB.open("holdfast").onsuccess = (event) => resolve(event.target.result)));
      const store = database.transaction("meta").objectStore("meta");
      const [keys, values] = await Promise.all(["getAllKeys", "getAll"].map((what) => new Promise((resolve) => (store[what]().onsuccess = (event) => resolve(event.target.result)))));
      database.close();
      // What can be written down: everything but the closed keys.
      return keys.map((key, at) => [key, values[at]]).filter(([, value]) => typeof value === "string");
    });
    await to.evaluate(async (values) => {
      const database = await new Promise((resolve) => (indexedDB.open("holdfast").onsuccess = (event) => resolve(event.target.result)));
      const transaction = database.transaction("meta", "readwrite");
      for (const [key, value] of values) transaction.objectStore("meta").put(value, key);
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      database.close();
    }, values);
    return values.length;
  };
  const other = await startBrowser(t, path.join(folder, "other"));
  await enrol(other.page, port);
  assert.ok((await move(page, other.page)) > 0);
  await other.page.reload();
  await test(other.page, "employee").filter({ hasText: "Amara" }).click();
  await other.page.keyboard.type(PINS["Amara Lindqvist"]);
  await says(other.page, "That PIN is not right");
});

scenario("no reload and no clock set back gives another try", async (t) => {
  const { page, port } = await startShop(t);
  await page.clock.install();
  await enrol(page, port);
  const choose = () => test(page, "employee").filter({ hasText: "Mei" }).click();
  await choose();
  for (let n = 0; n < 4; n++) {
    await page.keyboard.type("0000");
    await test(page, "notice").waitFor();
    await page.clock.runFor(1_000);
    await sleep(400);
  }
  await says(page, "Too many wrong PINs");
  for (const hours of [-1, -24, -24 * 365]) {
    await page.clock.setSystemTime(Date.now() + hours * 3_600_000);
    await page.reload();
    await choose();
    await page.keyboard.type(PINS["Mei Tanaka"]);
    await says(page, "Too many wrong PINs");
  }
});

/** A page of another origin, and what it was told. */
async function startEvil(t, body) {
  const port = await freePort();
  const server = http.createServer((request, response) => response.writeHead(200, { "content-type": "text/html" }).end(body));
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${port}/`;
}

scenario("a page of another origin reads nothing, sends nothing that counts, and frames nothing", async (t) => {
  const { page, context, port } = await startShop(t);
  await openForBusiness(page, port);
  const hub = `http://localhost:${port}`;
  const evil = await context.newPage();
  await evil.goto(await startEvil(t, "<!doctype html><title>evil</title><body></body>"));

  const reads = await evil.evaluate(async (hub) => {
    const outcome = {};
    const read = async (name, promise) => (outcome[name] = await promise.then((r) => r.text()).then(() => "read", () => "refused"));
    await read("health", fetch(`${hub}/pos/api/v1/health`));
    await read("credentials", fetch(`${hub}/pos/console/`, { credentials: "include" }));
    await read("preflight", fetch(`${hub}/pos/api/v1/journal`, { method: "POST", headers: { "holdfast-signature": "x" }, body: "x" }));
    const load = (tag, set) =>
      new Promise((resolve) => {
        const element = document.createElement(tag);
        element.onload = () => resolve("loaded");
        element.onerror = () => resolve("refused");
        set(element);
        document.body.append(element);
      });
    outcome.script = await load("script", (script) => (script.src = `${hub}/pos/sw.js`));
    outcome.image = await load("img", (image) => (image.src = `${hub}/pos/icon.svg`));
    outcome.style = await load("link", (link) => Object.assign(link, { rel: "stylesheet", href: `${hub}/pos/console/style.css` }));
    outcome.worker = await navigator.serviceWorker.register(`${hub}/pos/sw.js`).then(() => "registered", (error) => error.name);
    return outcome;
  }, hub);
  assert.deepEqual(reads, {
    health: "refused", credentials: "refused", preflight: "refused", script: "refused", image: "refused", style: "refused", worker: "SecurityError",
  });

  for (const place of ["/pos", "/pos/console/sign-in", "/pos/trust"]) {
    await evil.evaluate((url) => {
      document.body.replaceChildren();
      const frame = document.createElement("iframe");
      frame.src = url;
      document.body.append(frame);
    }, hub + place);
    await sleep(1_500);
    const framed = evil.frames().slice(1).map((frame) => frame.url());
    assert.ok(framed.every((url) => !url.startsWith(hub)), `${place} in a frame: ${framed}`);
  }

  const window = await evil.evaluate((hub) => {
    const opened = open(`${hub}/pos`);
    return new Promise((resolve) => setTimeout(() => resolve(opened === null || opened.closed || opened.length === 0 ? "severed" : "reached"), 3_000));
  }, hub);
  assert.equal(window, "severed");

  // A form needs no permission to be sent: the console does not take it.
  const [answer] = await Promise.all([
    evil.waitForResponse((response) => response.url().endsWith("/pos/console/sign-in")),
    evil.evaluate((hub) => {
      const form = Object.assign(document.createElement("form"), { method: "post", action: `${hub}/pos/console/sign-in` });
      for (const [name, value] of [["account", "manager"], ["password", "holdfast"]]) form.append(Object.assign(document.createElement("input"), { name, value }));
      document.body.append(form);
      form.submit();
    }, hub),
  ]);
  assert.equal(answer.status(), 403);
  assert.equal((await context.cookies(hub)).length, 0);
});

scenario("text becomes neither script nor another worker inside the app", async (t) => {
  const { page, port, problems } = await startShop(t);
  await openForBusiness(page, port);
  await sell(page, [barcode(1)]);
  assert.deepEqual(problems.filter((problem) => /Trusted|Content.Security|refused/i.test(problem)), [], "the app itself breaks no rule");

  const outcome = await page.evaluate(async () => {
    const attempt = (step) => {
      try {
        return step() ?? "done";
      } catch (error) {
        return error.name;
      }
    };
    const area = document.createElement("div");
    document.body.append(area);
    window.harm = 0;
    // What a debugger runs may evaluate text whatever the policy; what runs later is the page's own.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const outcome = {
      scriptElement: attempt(() => void (area.innerHTML = "<script>harm = 1</script>")),
      frame: attempt(() => void (area.innerHTML = "<iframe srcdoc='x'></iframe>")),
      handler: attempt(() => void (area.innerHTML = "<img src='/pos/none.png' onerror='harm = 2'>")),
      eval: await new Promise((resolve) => setTimeout(() => resolve(attempt(() => (0, eval)("harm = 3"))), 0)),
      timer: attempt(() => void setTimeout("harm = 4", 0)),
      source: attempt(() => void (document.createElement("script").text = "harm = 5")),
      policy: attempt(() => trustedTypes.createPolicy("another", {}).name),
      worker: await navigator.serviceWorker.register("/pos/icon.svg").then(() => "registered", (error) => error.name),
    };
    const inline = document.createElement("script");
    inline.append("harm = 6");
    attempt(() => document.body.append(inline));
    await new Promise((resolve) => setTimeout(resolve, 500));
    area.remove();
    return { ...outcome, harm: window.harm, isolated: crossOriginIsolated };
  });
  assert.equal(outcome.harm, 0, JSON.stringify(outcome));
  for (const name of ["scriptElement", "frame", "source", "policy", "worker"]) assert.match(outcome[name], /Error/, name);
  assert.match(outcome.eval, /EvalError|TypeError/);
  assert.equal(outcome.isolated, true);
});

scenario("pushes that are altered, doubled or put in another order on the way store each sale once", async (t) => {
  let mischief = 0;
  const fate = (request) => {
    if (!request.url.endsWith("/journal")) return "pass";
    mischief += 1;
    return ["alter", "repeat", "pass", "alter", "lose"][mischief % 5];
  };
  const { page, port, data } = await startShop(t, { fate });
  await openForBusiness(page, port);
  const receipts = [];
  for (let n = 0; n < 5; n++) receipts.push(await sell(page, [barcode(n)]));
  await test(page, "status").filter({ hasText: /Everything is with the hub/ }).waitFor({ timeout: 90_000 });
  const [journal] = journals(data);
  assert.equal(journal.is_intact, true);
  assert.equal(journal.forked, 0);
  assert.deepEqual(journal.sales.map((sale) => sale.receipt_number), receipts);
  assert.ok(mischief >= 5);
});
