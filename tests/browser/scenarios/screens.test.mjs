// Every screen at the sizes that counters have: nothing is cut off, nothing is too small to touch, nothing jumps. The pictures
// go to the folder that HOLDFAST_SCREENS names.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { test as scenario } from "node:test";
import { barcode, enrol, openShift, scan, signIn, sleep, startShop, test } from "../counter.mjs";

const SIZES = [
  { name: "tablet", viewport: { width: 1024, height: 768 }, colorScheme: "light" },
  { name: "phone", viewport: { width: 390, height: 844 }, colorScheme: "light", hasTouch: true },
  { name: "desk", viewport: { width: 1920, height: 1080 }, colorScheme: "dark" },
];

/** What a person would complain about on the screen as it is. */
const flaws = (page) =>
  page.evaluate(() => {
    const found = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
    const top = (element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2);
    };
    for (const button of document.querySelectorAll("button:not([disabled]), input:not([type=hidden])")) {
      const { width, height, left, right, top: y, bottom } = button.getBoundingClientRect();
      const inSight = width > 0 && y >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth;
      if (!inSight || !button.contains(top(button))) continue;
      const name = button.getAttribute("aria-label") ?? button.textContent;
      if (Math.min(width, height) < 40) found.push(`${name} is ${Math.round(width)} by ${Math.round(height)}`);
      if (button.scrollWidth > button.clientWidth + 1 && button.tagName === "BUTTON") found.push(`${name} is cut off`);
    }
    return found;
  });

for (const { name, ...options } of SIZES) {
  scenario(`every screen fits a ${name}`, async (t) => {
    const { folder, port, page } = await startShop(t, { browser: options });
    const pictures = process.env.HOLDFAST_SCREENS ?? path.join(folder, "screens");
    mkdirSync(pictures, { recursive: true });
    const look = async (what) => {
      await sleep(350);
      await page.screenshot({ path: path.join(pictures, `${what}-${name}.png`) });
      assert.deepEqual(await flaws(page), [], `${what} on a ${name}`);
    };
    const cart = async (isOpen) => {
      const toggle = page.locator(".cart-toggle");
      if (!(await toggle.isVisible())) return;
      if ((await test(page, "pay").isVisible()) !== isOpen) await toggle.click();
    };

    await page.goto(`http://localhost:${port}/pos`);
    await page.locator('input[name="account"]').waitFor();
    await look("enrol");
    await enrol(page, port);
    await look("sign-in");
    await test(page, "employee").first().click();
    await look("pin");
    await page.keyboard.press("Escape");
    await page.reload();
    await signIn(page);
    await look("open-shift");
    await openShift(page);
    await test(page, "tile").first().waitFor();
    await look("sell");

    await cart(true);
    const before = await test(page, "pay").boundingBox();
    for (const place of [1, 40, 12, 77, 150]) {
      await scan(page, barcode(place));
      await sleep(150);
    }
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="line"]').length === 5);
    await cart(true);
    assert.deepEqual(await test(page, "pay").boundingBox(), before, "the pay button stays where it is");
    await look("cart");
    await test(page, "qty").first().click();
    await look("line");
    await test(page, "close").click();
    await test(page, "cart-menu").click();
    await look("cart-menu");
    await test(page, "close").click();
    await test(page, "customer").click();
    await test(page, "customer-row").first().waitFor();
    await look("customers");
    await test(page, "new-customer").click();
    await look("customer");
    await test(page, "close").click();
    await test(page, "quick-hold").click();
    await test(page, "held-count").click();
    await look("held");
    await test(page, "held-cart").click();
    await test(page, "pay").click();
    await look("pay");
    await test(page, "quick").nth(1).click();
    await test(page, "receipt").waitFor();
    await look("sold");
    await test(page, "next").click();
    await test(page, "menu").click();
    await look("menu");
    await test(page, "today").click();
    await look("sales");
    await test(page, "close").click();
    await test(page, "menu").click();
    await test(page, "to-return").click();
    await look("return");
    await page.locator(".sheet .sale-row").first().click();
    await test(page, "return-row").first().waitFor();
    await look("return-rows");
    await test(page, "return-all").click();
    await test(page, "take-back").click();
    await cart(true);
    await look("returning");
    await test(page, "pay").click();
    await look("pay-out");
    await test(page, "mode").first().click();
    await test(page, "next").click();
    await test(page, "menu").click();
    await test(page, "to-cash").click();
    await look("cash");
    await test(page, "close").click();
    await test(page, "menu").click();
    await test(page, "to-figures").click();
    await look("figures");
    await test(page, "close").click();
    await page.locator(".chip", { hasText: "Often" }).click({ timeout: 2_000 }).catch(() => {});
    await test(page, "menu").click();
    await test(page, "to-close-shift").click();
    await look("close-shift");
  });
}
