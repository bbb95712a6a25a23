// What a cashier does besides selling, all of it without a hub: carts that wait, exceptions, returns, exchanges, customers, cash.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { test as scenario } from "node:test";
import { PINS, barcode, enrol, journals, offlineReady, openForBusiness, openShift, scan, sell, signIn, sleep, startBrowser, startHub, startShop, test } from "../counter.mjs";

const amount = (text) => Number(text.replace(/[^\d.-]/g, ""));
const total = async (page) => amount(await test(page, "total").textContent());
const says = (page, text) => test(page, "notice").filter({ hasText: text }).waitFor();

/** A shop that is open, with the hub gone. */
async function startOffline(t) {
  const shop = await startShop(t);
  await openForBusiness(shop.page, shop.port);
  await shop.hub.kill();
  return shop;
}

/** Scans, and waits until the total has changed. */
async function add(page, ...codes) {
  for (const code of codes) {
    const before = await test(page, "total").textContent();
    await scan(page, code);
    await page.waitForFunction((old) => document.querySelector('[data-testid="total"]').textContent !== old, before);
  }
}

async function menu(page, id) {
  await test(page, "menu").click();
  await test(page, id).click();
}

async function press(page, digits) {
  for (const digit of digits) await page.locator(".sheet .keypad").getByRole("button", { name: digit, exact: true }).click();
}

/** Settles what is in the cart exactly, in cash, and gives the last receipt's number. */
async function settle(page) {
  await test(page, "pay").click();
  await test(page, "mode").filter({ hasText: "Cash" }).click();
  await test(page, "receipt").waitFor();
  const number = await test(page, "receipt").getAttribute("data-receipt");
  await test(page, "next").click();
  await test(page, "receipt").waitFor({ state: "detached" });
  return number;
}

/** The hub's view once everything has arrived. */
async function arrived(data, port, t, count) {
  await startHub(t, data, port);
  for (let tries = 0; tries < 120; tries++) {
    const [held] = journals(data);
    if (held?.sales.length >= count) return held;
    await sleep(250);
  }
  return journals(data)[0];
}

scenario("carts wait, survive a killed browser unreadable to others, and come back as they were", async (t) => {
  const { page, port, profile, kill } = await startOffline(t);
  await add(page, barcode(1), barcode(12));
  const first = await total(page);
  await test(page, "cart-menu").click();
  await test(page, "hold-label").fill("green scarf");
  await test(page, "hold").click();
  await says(page, "waits as number 1");
  await add(page, barcode(40));
  const second = await total(page);
  await test(page, "quick-hold").click();
  await says(page, "waits as number 2");
  await add(page, barcode(77));
  await sleep(400);
  await kill();
  assert.throws(() => execFileSync("grep", ["-rqaF", "green scarf", path.join(profile, "Default", "IndexedDB")]));

  const { page: again } = await startBrowser(t, profile);
  await again.goto(`http://localhost:${port}/pos`);
  await signIn(again);
  assert.equal((await test(again, "held-count").textContent()).trim(), "2");
  const third = await total(again);
  assert.ok(third > 0, "the cart on the screen is there as well");
  await test(again, "held-count").click();
  await test(again, "held-cart").filter({ hasText: "green scarf" }).click();
  await test(again, "line").nth(1).waitFor();
  assert.equal(await total(again), first);
  await settle(again);
  for (const expected of [third, second]) {
    await test(again, "held-count").click();
    await test(again, "held-cart").first().click();
    await test(again, "line").waitFor();
    assert.equal(await total(again), expected);
    await settle(again);
  }
  assert.equal(await test(again, "held-count").count(), 0);
});

scenario("another price needs a supervisor, a discount and a note do not, and all of it is in the journal", async (t) => {
  const { page, data, port } = await startOffline(t);
  await test(page, "lock").click();
  await signIn(page, "Jonas Okoye");
  // A rule has the price of this one.
  await add(page, barcode(1), barcode(77));
  await test(page, "qty").first().click();
  await press(page, ["3"]);
  await test(page, "set-price").click();
  await test(page, "allow-dots").waitFor();
  await page.keyboard.type(PINS["Amara Lindqvist"]);
  await says(page, "A pricing rule sets the price");
  await test(page, "qty").nth(1).click();
  await press(page, ["3"]);
  await test(page, "set-price").click();
  await test(page, "allow-dots").waitFor();
  await page.keyboard.type("1111");
  await says(page, "That PIN is not right");
  await page.keyboard.type(PINS["Amara Lindqvist"]);
  await test(page, "allow-dots").waitFor({ state: "detached" });
  await test(page, "line").nth(1).filter({ hasText: "Other price" }).filter({ hasText: "3.00" }).waitFor();

  await add(page, barcode(40));
  const before = await total(page);
  await test(page, "qty").nth(2).click();
  await test(page, "line-note").fill("a gift");
  await press(page, ["5", "0"]);
  await test(page, "set-discount").click();
  await page.waitForFunction((old) => Number(document.querySelector('[data-testid="total"]').textContent.replace(/[^\d.]/g, "")) < old, before);
  await test(page, "line").filter({ hasText: "50 % off" }).filter({ hasText: "a gift" }).waitFor();
  await test(page, "undo").click();
  assert.equal(await total(page), before);

  await test(page, "pay").click();
  await test(page, "quick").first().click();
  await test(page, "receipt").filter({ hasText: "a gift" }).waitFor();
  await test(page, "next").click();
  const held = await arrived(data, port, t, 1);
  assert.equal(held.is_intact, true);
});

scenario("goods come back once, are paid out, and an exchange pays the difference", async (t) => {
  const { page, data, port } = await startOffline(t);
  await add(page, barcode(40), barcode(40), barcode(40));
  const three = await total(page);
  assert.ok(three > 0);
  const receipt = await settle(page);
  const one = three / 3;

  await menu(page, "to-return");
  await test(page, "receipt-number").fill("nothing like it");
  await test(page, "find-receipt").click();
  await says(page, "no such receipt");
  await test(page, "receipt-number").fill(receipt.toLowerCase());
  await test(page, "find-receipt").click();
  await test(page, "return-row").getByLabel("More").click();
  await test(page, "take-back").click();
  await test(page, "line").filter({ hasText: "Comes back" }).waitFor();
  assert.ok(Math.abs((await total(page)) - one) < 0.011);
  await settle(page);

  // By scanning the receipt: two are left, no more can be taken.
  await scan(page, receipt);
  const more = test(page, "return-row").getByLabel("More");
  await more.click();
  await more.click();
  assert.equal(await more.isDisabled(), true);
  await test(page, "return-row").filter({ hasText: "1 returned" }).waitFor();
  await test(page, "take-back").click();
  await add(page, barcode(12), barcode(12), barcode(12), barcode(12), barcode(12), barcode(12), barcode(12), barcode(12));
  const due = await total(page);
  await test(page, "pay").click();
  await test(page, "quick").first().click();
  const papers = test(page, "receipt");
  await papers.filter({ hasText: "Return" }).waitFor();
  assert.ok((await papers.textContent()).includes(`Returned of receipt ${receipt}`));
  await test(page, "next").click();

  await scan(page, receipt);
  await page.getByText("Everything on this receipt has been returned already.").waitFor();
  await test(page, "close").click();

  await menu(page, "to-figures");
  await test(page, "drawer").filter({ hasText: "Cash expected" }).waitFor();
  const drawer = await test(page, "drawer").textContent();
  const expected = amount(/Cash expected\D*([\d,.]+)/.exec(drawer)[1]);
  assert.ok(Math.abs(expected - (100 + three - one + due)) < 0.011, `${expected} in the drawer`);
  await test(page, "close").click();

  const held = await arrived(data, port, t, 4);
  assert.equal(held.is_intact, true);
  assert.equal(held.sales.length, 4, "a sale, a return, and both documents of the exchange");
});

scenario("goods without a receipt come back when a supervisor allows it", async (t) => {
  const { page } = await startOffline(t);
  await test(page, "lock").click();
  await signIn(page, "Mei Tanaka");
  await menu(page, "to-return");
  await test(page, "without-receipt").click();
  await page.keyboard.type(PINS["Amara Lindqvist"]);
  await test(page, "taking-back").waitFor();
  await add(page, barcode(1));
  await test(page, "taking-back").getByRole("button").click();
  await test(page, "pay").filter({ hasText: "Pay out" }).click();
  assert.equal(await test(page, "mode").filter({ hasText: "Voucher" }).count(), 0, "vouchers are not paid out");
  await test(page, "mode").filter({ hasText: "Cash" }).click();
  await test(page, "receipt").filter({ hasText: "Return" }).waitFor();
});

scenario("a customer is made, found by phone, corrected; points and a coupon pay", async (t) => {
  const { page, data, port, profile, kill } = await startOffline(t);
  await test(page, "customer").click();
  await test(page, "new-customer").click();
  await page.getByLabel("Name").fill("Noor van Dijk");
  await page.getByLabel("Phone").fill("call me");
  await test(page, "save-customer").click();
  await says(page, "no phone number");
  await page.getByLabel("Phone").fill("+49 431 777 0815");
  await test(page, "save-customer").click();
  await test(page, "customer").filter({ hasText: "Noor van Dijk" }).waitFor();
  await add(page, barcode(1));
  await settle(page);

  await kill();
  assert.throws(() => execFileSync("grep", ["-rqaF", "van Dijk", path.join(profile, "Default", "IndexedDB")]));
  const { page: again } = await startBrowser(t, profile);
  await again.goto(`http://localhost:${port}/pos`);
  await signIn(again);
  await test(again, "customer").click();
  await again.getByLabel("Name, phone or number").fill("0431 777 08");
  await test(again, "customer-row").filter({ hasText: "Noor van Dijk" }).waitFor();
  await again.getByLabel("Name, phone or number").fill("albrecht anna");
  await test(again, "customer-row").first().click();
  await test(again, "points").waitFor();
  const points = Number.parseInt(await test(again, "points").textContent(), 10);
  await add(again, barcode(40), barcode(40), barcode(40));
  const due = await total(again);
  await test(again, "pay").click();
  await test(again, "use-points").click();
  await again.waitForFunction((due) => Number(document.querySelector('[data-testid="due"]').textContent.replace(/[^\d.]/g, "")) < due, due);
  await test(again, "mode").filter({ hasText: "Card" }).click();
  await test(again, "receipt").filter({ hasText: "points" }).waitFor();
  await test(again, "next").click();

  await test(again, "customer").click();
  await again.getByLabel("Name, phone or number").fill("albrecht anna");
  await test(again, "customer-row").first().click();
  const left = (await test(again, "points").count()) ? Number.parseInt(await test(again, "points").textContent(), 10) : 0;
  assert.ok(left < points, "points that were used here are gone although the hub does not know yet");

  await test(again, "cart-menu").click();
  await test(again, "coupon-code").fill("NO SUCH");
  await test(again, "use-coupon").click();
  await says(again, "no such coupon");
  await test(again, "coupon-code").fill("welcome20");
  await test(again, "use-coupon").click();
  await again.locator(".chip", { hasText: "Care" }).first().click();
  await test(again, "tile").first().click();
  await test(again, "line").filter({ hasText: "Welcome" }).waitFor();
  await settle(again);
  const held = await arrived(data, port, t, 3);
  assert.equal(held.is_intact, true);
});

scenario("cash goes out with a reason, and a drawer is counted blind where the profile says so", async (t) => {
  const { page, port, hub } = await startShop(t);
  await enrol(page, port, "Trade Counter");
  await signIn(page);
  await openShift(page);
  await offlineReady(page);
  await hub.kill();
  await menu(page, "to-cash");
  await press(page, ["3", "0"]);
  await test(page, "cash-out").click();
  await says(page, "Say why");
  await page.getByRole("button", { name: "To the bank" }).click();
  await test(page, "cash-out").click();
  await says(page, "went out of the drawer");
  await sell(page, [barcode(12)]);

  await test(page, "lock").click();
  await signIn(page, "Jonas Okoye");
  await menu(page, "to-close-shift");
  assert.equal(await test(page, "expected").count(), 0, "a cashier counts blind");
  await page.getByRole("button", { name: "Back to selling" }).click();
  await menu(page, "to-figures");
  assert.equal((await test(page, "drawer").textContent()).includes("Cash expected"), false);
  await test(page, "drawer").filter({ hasText: "To the bank" }).waitFor();
  await test(page, "close").click();

  await test(page, "lock").click();
  await signIn(page);
  await menu(page, "to-close-shift");
  const expected = amount(await test(page, "expected").textContent());
  assert.ok(expected > 70 && expected < 100, `${expected}: a hundred less thirty and a sale`);
});
