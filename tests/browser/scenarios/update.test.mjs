// A new build never disturbs a cart, and a broken one never takes the counter down.

import assert from "node:assert/strict";
import { test as scenario } from "node:test";
import { editedBuild } from "../builds.mjs";
import { barcode, openForBusiness, scan, sell, signIn, sleep, startShop, test } from "../counter.mjs";

/** A counter behind a proxy that can publish another build: `site.build` is what it serves instead of the hub's. */
async function open(t, prepare = () => {}) {
  const site = { build: null };
  const fate = (request) => {
    const name = new URL(request.url, "http://hub").pathname.replace(/^\/pos\/?/, "") || "index.html";
    return site.build?.get(name) ?? "pass";
  };
  const shop = await startShop(t, { fate });
  await prepare(shop.page);
  await openForBusiness(shop.page, shop.port);
  return { ...shop, site };
}

const lookForUpdate = (page) => page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration("/pos")).update()));
const style = (page) => page.evaluate(() => document.querySelector('link[rel="stylesheet"]')?.getAttribute("href"));

scenario("an update waits for the cart, and is taken at the next quiet moment", async (t) => {
  const { page, hubPort, site } = await open(t);
  const before = await style(page);
  await scan(page, barcode(1));
  await test(page, "line").waitFor();

  site.build = await editedBuild(hubPort, { "style.css": (text) => `${text}\n.published-later{color:red}` });
  await lookForUpdate(page);
  await page.waitForFunction(() => document.documentElement.dataset.update === "waiting");
  await sleep(500);
  await scan(page, barcode(2));
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="line"]').length === 2);
  assert.equal(await style(page), before, "nothing changes while a cart is open");

  await test(page, "pay").click();
  await test(page, "quick").first().click();
  await test(page, "receipt").waitFor();
  await sleep(500);
  assert.equal(await test(page, "receipt").count(), 1, "nor while a receipt is on the screen");
  await test(page, "next").click();
  await test(page, "update").waitFor();
  await test(page, "lock").click();
  await page.waitForFunction((old) => document.querySelector('link[rel="stylesheet"]')?.getAttribute("href") !== old, before);
  await signIn(page);
  await sell(page, [barcode(3)]);
});

scenario("a cashier may take an update at once", async (t) => {
  const { page, hubPort, site } = await open(t);
  const before = await style(page);
  site.build = await editedBuild(hubPort, { "style.css": (text) => `${text}\n.published-later{color:red}` });
  await lookForUpdate(page);
  await test(page, "update").click();
  await page.waitForFunction((old) => document.querySelector('link[rel="stylesheet"]')?.getAttribute("href") !== old, before);
  await signIn(page);
  await page.locator("main.sell").waitFor();
});

scenario("an update is taken even where the first worker was quicker than the page", async (t) => {
  // A busy machine: the page goes on only when its worker is in control already.
  const { page, hubPort, site } = await open(t, (page) =>
    page.addInitScript(() => {
      const workers = navigator.serviceWorker;
      const register = workers.register.bind(workers);
      workers.register = async (...args) => {
        const registration = await register(...args);
        while (!workers.controller) await new Promise((resolve) => setTimeout(resolve, 20));
        return new Promise((resolve) => setTimeout(() => resolve(registration), 200));
      };
    }),
  );
  const before = await style(page);
  site.build = await editedBuild(hubPort, { "style.css": (text) => `${text}\n.published-later{color:red}` });
  await lookForUpdate(page);
  await test(page, "update").waitFor();
  await test(page, "lock").click();
  await page.waitForFunction((old) => document.querySelector('link[rel="stylesheet"]')?.getAttribute("href") !== old, before);
  await signIn(page);
});

for (const [what, edit] of [
  ["fails while it starts", { "app.js": () => "throw new Error('published broken');" }],
  ["cannot even say that it failed", { "boot.js": () => "}}} not a script" }],
]) {
  scenario(`a build that ${what} leaves the old one working`, async (t) => {
    const { page, context, port, hubPort, site } = await open(t);
    const before = await style(page);
    await scan(page, barcode(4));
    await test(page, "line").waitFor();
    await sleep(300);

    site.build = await editedBuild(hubPort, { "style.css": (text) => `${text}\n.published-broken{color:red}`, ...edit });
    await lookForUpdate(page);
    await page.waitForFunction(() => document.documentElement.dataset.update === "waiting");
    await sell(page, [barcode(6)]);
    await page.evaluate(() => void (window.isBefore = true));
    await test(page, "lock").click();

    // The page is another one: the update was taken.
    await page.waitForFunction(() => !window.isBefore);
    // Whoever stands there reloads a few times at most.
    for (let tries = 0; tries < 6; tries++) {
      const isUp = await test(page, "employee").first().waitFor({ timeout: 6_000 }).then(() => true, () => false);
      if (isUp && (await style(page)) === before) break;
      await page.goto(`http://localhost:${port}/pos`);
    }
    assert.equal(await style(page), before, "the build before is back");
    await context.setOffline(true);
    await page.reload();
    await signIn(page);
    await sell(page, [barcode(5)]);
  });
}
