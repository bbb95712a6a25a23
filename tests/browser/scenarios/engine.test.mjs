// The engine in the browser and the engine in the hub are one: the same bytes for every invoice that ERPNext computed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test as scenario } from "node:test";
import { gunzipSync } from "node:zlib";
import { scratch, startBrowser } from "../counter.mjs";
import { openEngine } from "../engine.mjs";

const data = path.resolve(import.meta.dirname, "../../../crates/oracle/data");
const read = (name) => gunzipSync(readFileSync(path.join(data, name))).toString();

scenario("WebAssembly gives the same bytes as the native engine", async (t) => {
  const native = JSON.parse(process.env.HOLDFAST_DIGESTS);
  const { context } = await startBrowser(t, path.join(scratch(t), "profile"));
  const page = await openEngine(context);
  const masters = [read("master.json.gz"), read("precisions.json.gz")];
  assert.ok(Object.keys(native).length >= 6);
  for (const [name, digest] of Object.entries(native)) {
    const computed = await page.evaluate(([cases, shop, precisions]) => window.engine.digest(cases, shop, precisions), [read(name), ...masters]);
    assert.equal(computed, digest, name);
  }
});
