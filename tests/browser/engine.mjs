// The engine alone in a page of a real browser: HOLDFAST_ENGINE names the folder with its glue.

import { readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm" };

/** Opens a page with the engine's exports in `window.engine`. */
export async function openEngine(context) {
  const server = http.createServer((request, response) => {
    const type = TYPES[path.extname(request.url)];
    response.setHeader("content-type", type ?? "text/html");
    response.end(type ? readFileSync(path.join(process.env.HOLDFAST_ENGINE, path.basename(request.url))) : "<title>engine</title>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.evaluate(async () => {
    const engine = await import("/app.js");
    await engine.default({ module_or_path: "/app_bg.wasm" });
    window.engine = engine;
  });
  server.unref();
  return page;
}
