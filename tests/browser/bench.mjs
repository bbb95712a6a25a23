// Measures the browser's half of the budgets against a shop with 100,000 items, or as many as the first argument says. The last line
// printed is a JSON list of figures.
//
// What is measured: from the time stamp of the event that a person causes (the key press itself for a scan and for the search: the
// stamp is the browser process's, so the way to the page counts) until the answer is in the document and laid out. Not in it
// is the wait for the screen's next frame, which is the screen's: up to 17 ms at 60 Hz.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { openEngine } from "./engine.mjs";
import { PINS, enrol, largeShopBarcode, freePort, offlineReady, openShift, scan, signIn, startBrowser, startHub, test } from "./counter.mjs";

const ITEMS = Number(process.argv[2] ?? 100_000);
const IS_MILLION = ITEMS >= 1_000_000;
const COLD_START_MS = IS_MILLION ? 2_500 : 500;
const SHOP = `${ITEMS.toLocaleString("en")} items`;
const LINE_10_MBIT = { offline: false, latency: 20, downloadThroughput: 1_250_000, uploadThroughput: 1_250_000 };

const figures = [];
const add = (name, value, unit, budget) => {
  figures.push({ name, value: Number(value.toFixed(2)), unit, budget, is_floor: false });
  console.error(`${name}: ${value.toFixed(1)} ${unit}`);
};
const at = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
const median = (values) => at(values, 0.5);

/** In the page: notes the time of an event, and how long it took until the document answers it and is laid out again. */
const watch = () => {
  window.took = [];
  let since = null;
  window.answerOf = () => null;
  const note = (event) => {
    const { type, key } = window.wanted;
    if (event.type === type && (!key || event.key === key || (key === "letter" && event.key?.length === 1))) since = [event.timeStamp, window.answerOf()];
  };
  for (const type of ["keydown", "click", "input"]) addEventListener(type, note, true);
  new MutationObserver(() => {
    if (!since || window.answerOf() === since[1]) return;
    document.body.getBoundingClientRect();
    window.took.push(performance.now() - since[0]);
    since = null;
  }).observe(document, { subtree: true, childList: true, characterData: true });
};
const measure = (page, wanted, answerOf) =>
  page.evaluate(
    ([wanted, answerOf]) => {
      window.wanted = wanted;
      window.took = [];
      window.answerOf = new Function(`return ${answerOf}`);
    },
    [wanted, answerOf],
  );
const took = (page) => page.evaluate(() => window.took);
const count = (page, length) => page.waitForFunction((length) => window.took.length >= length, length);

const folder = mkdtempSync(path.join(os.tmpdir(), "holdfast-bench-"));
const [data, profile, port] = [path.join(folder, "data"), path.join(folder, "profile"), await freePort()];
const hub = await startHub(null, data, port, { items: ITEMS });
let browser = await startBrowser(null, profile);
try {
  let { page } = browser;

  // The first catalogue over a slow line.
  const devtools = await browser.context.newCDPSession(page);
  await devtools.send("Network.enable");
  const segments = new Set();
  let bytes = 0;
  devtools.on("Network.requestWillBeSent", ({ requestId, request }) => request.url.includes("/segments/") && segments.add(requestId));
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => segments.has(requestId) && (bytes += encodedDataLength));
  await page.goto(`http://localhost:${port}/pos`);
  await offlineReady(page);
  await devtools.send("Network.emulateNetworkConditions", LINE_10_MBIT);
  const start = Date.now();
  await enrol(page, port);
  add(`first catalogue, ${SHOP}, at 10 Mbit/s`, (Date.now() - start) / 1000, "s", IS_MILLION ? null : 8);
  add(`first catalogue, ${SHOP}, compressed`, bytes / 1e6, "MB", IS_MILLION ? null : 4);
  await devtools.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await devtools.detach();

  await signIn(page);
  await openShift(page);
  await test(page, "tile").first().waitFor();
  await page.evaluate(watch);

  // Scans and sales: ten lines each.
  const [lines, sales] = [[], []];
  for (let sale = 0; sale < 40; sale++) {
    await measure(page, { type: "keydown", key: "Enter" }, 'document.querySelector("[data-testid=total]").textContent');
    for (let n = 0; n < 10; n++) {
      await scan(page, largeShopBarcode(2_000 + ((sale * 977 + n * 131) % 90_000)));
      await count(page, n + 1);
    }
    lines.push(...(await took(page)));
    await test(page, "pay").click();
    await measure(page, { type: "click" }, 'document.querySelector("[data-testid=receipt]") !== null');
    await test(page, "quick").first().click();
    await count(page, 1);
    sales.push(...(await took(page)));
    await test(page, "next").click();
  }
  add(`scan to line, ${SHOP}, p99 of 400`, at(lines, 0.99), "ms", 16);
  add(`scan to line, ${SHOP}, median`, median(lines), "ms", 16);
  add("Pay to durable and receipt, p99 of 40", at(sales, 0.99), "ms", 50);
  add("Pay to durable and receipt, median", median(sales), "ms", 50);

  // Searching, key by key: each letter as one cashier types it, until other tiles are there. A letter that leaves the first tiles as
  // they were has no answer to wait for and is not counted.
  await measure(page, { type: "keydown", key: "letter" }, '[...document.querySelectorAll("[data-testid=tile]")].slice(0, 6).map((tile) => tile.textContent).join()');
  for (let round = 0; round < 4; round++) {
    for (const query of ["riesling", "cable 2", "sourdough", "milk 0.5", "t-shirt navy", "chocolte", "dark chocolate 100", "bread whole"]) {
      await page.fill("#search", "");
      await page.locator("#search").focus();
      await page.waitForTimeout(80);
      for (const key of query) {
        await page.keyboard.press(key);
        await page.waitForTimeout(60);
      }
    }
  }
  const searches = await took(page);
  add(`key press to search results, ${SHOP}, p99 of ${searches.length}`, at(searches, 0.99), "ms", IS_MILLION ? 8 : 4);
  add(`key press to search results, ${SHOP}, median`, median(searches), "ms", IS_MILLION ? 8 : 4);
  await page.fill("#search", "");

  // Cold starts: a new browser process, no hub. Between the two halves somebody types a PIN.
  const resident = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${hub.child.pid}/status`, "utf8"))?.[1] ?? Number.NaN) / 1000;
  add(`hub memory with ${SHOP} and a terminal`, resident, "MB", IS_MILLION ? null : 512);
  await hub.kill();
  const [opened, unlocked] = [[], []];
  for (let round = 0; round < 7; round++) {
    await browser.kill();
    browser = await startBrowser(null, profile);
    page = browser.page;
    await page.addInitScript(() => {
      window.marks = {};
      new MutationObserver(() => {
        window.marks.open ??= document.querySelector("[data-testid=employee]") ? performance.now() : undefined;
        window.marks.sell ??= document.querySelector("main.sell [data-testid=tile]") ? performance.now() : undefined;
      }).observe(document, { subtree: true, childList: true });
      addEventListener("keydown", (event) => (window.marks.key = event.timeStamp), true);
    });
    await page.goto(`http://localhost:${port}/pos`);
    await test(page, "employee").filter({ hasText: "Amara" }).click();
    await page.waitForTimeout(900);
    await page.keyboard.type(PINS["Amara Lindqvist"], { delay: 60 });
    await test(page, "tile").first().waitFor();
    const marks = await page.evaluate(() => window.marks);
    opened.push(marks.open);
    unlocked.push(marks.sell - marks.key);
  }
  add(`cold start offline, ${SHOP}: navigation to sign-in`, median(opened), "ms", COLD_START_MS);
  add(`cold start offline, ${SHOP}: last digit of the PIN to selling`, median(unlocked), "ms", COLD_START_MS);
  add(`cold start offline, ${SHOP}: both`, median(opened.map((open, at) => open + unlocked[at])), "ms", COLD_START_MS);

  // The engine alone, as the app has it: three times what it may take natively.
  const engine = await openEngine(browser.context);
  for (const [lines, times, unit, scale, budget] of [[50, 200, "ms", 1, 3], [1, 4_000, "µs", 1_000, 150]]) {
    const rounds = await engine.evaluate(([lines, times]) => {
      const benchmark = new window.engine.Benchmark(lines);
      benchmark.run(times);
      return Array.from({ length: 9 }, () => {
        const start = performance.now();
        benchmark.run(times);
        return (performance.now() - start) / times;
      });
    }, [lines, times]);
    add(`engine in the browser: ${lines} line${lines > 1 ? "s" : ""}, 200 rules, 5 taxes`, median(rounds) * scale, unit, budget);
  }
} finally {
  await browser.kill();
  await hub.kill();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
}
console.log(JSON.stringify(figures));
process.exit(0);
