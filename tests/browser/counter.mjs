// Drives a real hub and a real browser: start, kill, sell. Every scenario builds on these.

import { spawn, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

export const HUB = process.env.HOLDFAST ?? path.resolve("../../target/release/holdfast");
export const PINS = { "Amara Lindqvist": "4071", "Jonas Okoye": "5820", "Mei Tanaka": "9316" };

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable", "/usr/bin/chromium-browser"];

const undo = new WeakMap();

/** Cleans up after a scenario, last things first: browsers are gone before their folder is removed. */
function later(t, step) {
  if (!undo.has(t)) {
    undo.set(t, []);
    t.after(async () => {
      for (const step of undo.get(t).reverse()) await step();
    });
  }
  undo.get(t).push(step);
}

export function scratch(t) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "holdfast-"));
  later(t, () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }));
  return folder;
}

export async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A hub on a port and data folder of its own; `kill` is SIGKILL. */
export async function startHub(t, data, port, { binary = HUB, items = 0 } = {}) {
  const child = spawn(binary, ["demo", "--data", data, "--listen", `127.0.0.1:${port}`, "--items", String(items)], {
    stdio: ["ignore", "ignore", process.env.HUB_LOG ? "inherit" : "ignore"],
  });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const kill = async () => {
    child.kill("SIGKILL");
    await gone;
  };
  if (t) later(t, kill);
  // A shop with a million items is made and compressed for some minutes.
  for (let tries = 0; tries < (items > 200_000 ? 6_000 : 600); tries++) {
    if (await answers(port)) return { port, kill, child };
    await sleep(100);
  }
  throw new Error("the hub did not start");
}

async function answers(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health`)).ok;
  } catch {
    return false;
  }
}

/** What the hub holds, read from its disk. */
export function journals(data, binary = HUB) {
  return JSON.parse(execFileSync(binary, ["journal", "--data", data, "--json"], { encoding: "utf8", maxBuffer: 1 << 26 }));
}

/** A browser on a profile folder. `kill` ends every process of it with SIGKILL, as a power cut would. */
export async function startBrowser(t, profile, options = {}) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? BROWSERS.find(existsSync),
    headless: true,
    viewport: { width: 1280, height: 800 },
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
    ...options,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(20_000);
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || process.env.PAGE_LOG) problems.push(message.text());
    if (process.env.PAGE_LOG) console.log("page:", message.text());
  });
  const kill = async () => {
    try {
      execFileSync("pkill", ["-KILL", "-f", `user-data-dir=${profile}`]);
    } catch {
      // Already gone.
    }
    await context.close().catch(() => {});
    await sleep(300);
  };
  if (t) later(t, kill);
  return { context, page, problems, kill };
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const test = (page, id) => page.locator(`[data-testid="${id}"]`);

/** A hub and a browser in a folder of their own; with a `fate`, a proxy stands between the two. */
export async function startShop(t, { fate, items, browser: options } = {}) {
  const folder = scratch(t);
  const [data, profile, port] = [path.join(folder, "data"), path.join(folder, "profile"), await freePort()];
  const hubPort = fate ? await freePort() : port;
  const hub = await startHub(t, data, hubPort, { items });
  if (fate) await startProxy(t, port, hubPort, fate);
  const browser = await startBrowser(t, profile, options);
  return { folder, data, profile, port, hubPort, hub, ...browser };
}

/** Opens the page of a new browser and says who authorises it. */
export async function authorise(page, port) {
  await page.goto(`http://localhost:${port}/pos`);
  await page.fill('input[name="account"]', "manager");
  await page.fill('input[name="password"]', "holdfast");
  await test(page, "continue").click();
}

export const chooseProfile = (page, profile = "Harbour Street") => test(page, "profile").filter({ hasText: profile }).click();

/** Enrols this browser for a profile and waits for the sign-in screen. */
export async function enrol(page, port, profile) {
  await authorise(page, port);
  await chooseProfile(page, profile);
  await test(page, "employee").first().waitFor({ timeout: 180_000 });
}

export async function signIn(page, name = "Amara Lindqvist") {
  await test(page, "employee").filter({ hasText: name }).click();
  await page.keyboard.type(PINS[name]);
  await page.locator("main.sell, [data-testid=open-shift]").first().waitFor();
}

export async function openShift(page, twenties = 5) {
  await page.getByLabel(/How many of .* 20\.00/).first().fill(String(twenties));
  await test(page, "open-shift").click();
  await page.locator("main.sell").waitFor();
}

/** Everything from an empty profile to the selling screen. */
export async function openForBusiness(page, port) {
  await enrol(page, port);
  await signIn(page);
  await openShift(page);
  await offlineReady(page);
}

/** Waits until the service worker has the whole build and controls the page. */
export async function offlineReady(page) {
  await page.waitForFunction(async () => {
    const registration = await navigator.serviceWorker.getRegistration("/pos");
    return registration?.active && navigator.serviceWorker.controller;
  });
}

/** Types a code as a scanner does. */
export async function scan(page, code) {
  await page.keyboard.type(code, { delay: 1 });
  await page.keyboard.press("Enter");
}

/** Sells what a scan finds, exactly paid; gives the receipt's number. */
export async function sell(page, codes) {
  for (const code of codes) {
    const before = await test(page, "total").textContent();
    await scan(page, code);
    await page.waitForFunction((old) => document.querySelector('[data-testid="total"]').textContent !== old, before);
  }
  await test(page, "pay").click();
  await test(page, "quick").first().click();
  const receipt = test(page, "receipt");
  await receipt.waitFor();
  const number = await receipt.getAttribute("data-receipt");
  await test(page, "next").click();
  await receipt.waitFor({ state: "detached" });
  return number;
}

/** The EAN-13 of the demo shop's item with this place in its list. */
export const barcode = (place) => ean13(400_100_000_000 + place);

/** The EAN-13 of an item that a large demo shop has beyond the curated ones. */
export const largeShopBarcode = (place) => ean13(400_300_000_000 + place);

function ean13(number) {
  const digits = String(number);
  const sum = [...digits].reduce((all, digit, at) => all + Number(digit) * (at % 2 ? 3 : 1), 0);
  return digits + ((10 - (sum % 10)) % 10);
}

/** An HTTP proxy that misbehaves: `fate(request)` says `pass`, `drop`, `lose` (the answer), `repeat`, `alter` (the body), `nonsense`,
 * a delay in ms, or an answer of its own as `{ headers, body }`. */
export async function startProxy(t, port, target, fate) {
  const forward = (request, body) =>
    new Promise((resolve, reject) => {
      const { method, url, headers } = request;
      const out = http.request({ host: "127.0.0.1", port: target, method, path: url, headers }, (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
      });
      out.on("error", reject);
      out.end(body);
    });
  const server = http.createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const what = fate(request);
    if (what === "drop") return request.socket.destroy();
    if (what === "nonsense") return response.writeHead(200, { "content-type": "text/html" }).end("<h1>Welcome to the Wi-Fi</h1>");
    if (typeof what === "object") return response.writeHead(200, what.headers).end(what.body);
    if (typeof what === "number") await sleep(what);
    try {
      if (what === "alter" && body.length > 0) body[body.length >> 1] ^= 1;
      if (what === "repeat") await forward(request, body);
      const answer = await forward(request, body);
      if (what === "lose") return request.socket.destroy();
      response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch {
      request.socket.destroy();
    }
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  later(t, () => {
    server.closeAllConnections();
    server.close();
  });
}
