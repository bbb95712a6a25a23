// What the shop was promised: it sells whatever dies, and every sale arrives once.

import assert from "node:assert/strict";
import path from "node:path";
import { test as scenario } from "node:test";
import {
  barcode, freePort, journals, openForBusiness, openShift, scan, scratch, sell, signIn, sleep, startBrowser, startHub, startShop, test,
} from "../counter.mjs";

/** Waits until the hub holds what `done` wants; gives the journals. */
async function until(data, done, seconds = 60) {
  for (let tries = 0; tries < seconds * 4; tries++) {
    const held = journals(data);
    if (done(held)) return held;
    await sleep(250);
  }
  return journals(data);
}

function assertWhole(held, receipts) {
  assert.equal(held.length, 1);
  assert.equal(held[0].is_intact, true);
  assert.equal(held[0].forked, 0);
  const numbers = held[0].sales.map((sale) => sale.receipt_number);
  assert.deepEqual([...new Set(numbers)], numbers, "no sale twice");
  for (const receipt of receipts) assert.ok(numbers.includes(receipt), `${receipt} was handed over and must be there`);
}

scenario("twenty sales without hub or network, a killed browser and a kill in mid-payment lose and double nothing", async (t) => {
  const folder = scratch(t);
  const [data, profile, port] = [path.join(folder, "data"), path.join(folder, "profile"), await freePort()];
  let hub = await startHub(t, data, port);
  let browser = await startBrowser(t, profile);
  await openForBusiness(browser.page, port);
  await hub.kill();
  await browser.kill();

  browser = await startBrowser(t, profile);
  await browser.page.goto(`http://localhost:${port}/pos`);
  await signIn(browser.page, "Jonas Okoye");
  const receipts = [];
  for (let n = 0; n < 20; n++) receipts.push(await sell(browser.page, [barcode(n), barcode(60 + n)]));
  assert.equal(new Set(receipts).size, 20);
  await assert.doesNotReject(test(browser.page, "status").filter({ hasText: "20 sales wait" }).waitFor());

  // Killed somewhere between the press on the amount and the receipt.
  await scan(browser.page, barcode(3));
  await test(browser.page, "line").first().waitFor();
  await sleep(300);
  await test(browser.page, "pay").click();
  await test(browser.page, "quick").first().click({ noWaitAfter: true });
  await browser.kill();

  browser = await startBrowser(t, profile);
  await browser.page.goto(`http://localhost:${port}/pos`);
  await signIn(browser.page);
  await browser.page.locator("main.sell").waitFor();
  await test(browser.page, "status").click();
  const listed = await test(browser.page, "sales").locator("strong").allTextContents();
  for (const receipt of receipts) assert.ok(listed.includes(receipt), `${receipt} is in the list`);
  await test(browser.page, "close").click();
  const cart = await test(browser.page, "line").count();
  assert.equal(listed.length + cart, 21, "the last cart was sold or is still there, never both, never neither");

  hub = await startHub(t, data, port);
  const held = await until(data, (held) => held[0]?.sales.length >= listed.length);
  assertWhole(held, listed);
  assert.equal(held[0].sales.length, listed.length);
  const total = held[0].sales.reduce((sum, sale) => sum + Number(sale.payable), 0);
  for (const sale of held[0].sales) assert.equal(Number(sale.paid) - Number(sale.change), Number(sale.payable));
  await test(browser.page, "status").click();
  const shown = await test(browser.page, "today-total").textContent();
  assert.equal(Number(shown.replace(/[^0-9.]/g, "")).toFixed(2), total.toFixed(2));
  assert.deepEqual(browser.problems.filter((problem) => !problem.includes("Failed to load resource")), []);
});

scenario("answers that are lost, late and repeated still bring every sale once", async (t) => {
  let count = 0;
  let calm = true;
  const fates = ["lose", "pass", "drop", "repeat", 400, "nonsense", "lose", "pass"];
  const fate = (request) => (calm || !request.url.includes("/api/") ? "pass" : fates[count++ % fates.length]);
  const { data, port, page } = await startShop(t, { fate });
  await openForBusiness(page, port);
  calm = false;
  const receipts = [];
  for (let n = 0; n < 8; n++) receipts.push(await sell(page, [barcode(n * 7)]));
  const held = await until(data, (held) => held[0]?.sales.length === 8, 90);
  assertWhole(held, receipts);
  assert.equal(held[0].sales.length, 8);
  assert.ok(count > 8, "the proxy was in the way");
});

scenario("without a network the shift closes and the next one opens", async (t) => {
  const { port, hub, page, context } = await startShop(t);
  await openForBusiness(page, port);
  await hub.kill();
  await context.setOffline(true);
  await page.reload();
  await signIn(page);
  await sell(page, [barcode(5)]);
  await test(page, "menu").click();
  await test(page, "to-close-shift").click();
  assert.match(await test(page, "shift-summary").textContent(), /1 sales/);
  await test(page, "close-shift").click();
  await openShift(page, 3);
  await sell(page, [barcode(9)]);
  await test(page, "lock").click();
  await signIn(page, "Mei Tanaka");
  await page.locator("main.sell").waitFor();
});

scenario("a second tab does not sell on the same journal, and can take over", async (t) => {
  const { data, port, page, context } = await startShop(t);
  await openForBusiness(page, port);
  const first = await sell(page, [barcode(2)]);
  const other = await context.newPage();
  await other.goto(`http://localhost:${port}/pos`);
  await test(other, "take-over").click();
  await signIn(other);
  await other.locator("main.sell").waitFor();
  assert.match(await test(page, "sentence").textContent(), /taken this counter over/);
  const second = await sell(other, [barcode(4)]);
  const held = await until(data, (held) => held[0]?.sales.length === 2);
  assertWhole(held, [first, second]);
});
