// Another build of the app, made from the one that a hub serves.

import { createHash } from "node:crypto";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** `style.css` of `style.3d65baf0675ba517.css`. */
const plain = (name) => name.replace(/\.[0-9a-f]{16}\./, ".");

/**
 * Fetches the hub's build and changes some of its files by their plain names. What is named by its hash gets its new name
 * wherever it is mentioned, and the service worker its new list: a build as `cargo xtask build` would have made it.
 * Gives the files by name, each as `{ headers, body }`.
 */
export async function editedBuild(port, edits) {
  const origin = `http://127.0.0.1:${port}/pos`;
  const { build, files } = await (await fetch(`${origin}/build.json`)).json();
  const texts = new Map();
  const served = new Map();
  for (const { name } of [...files, { name: "sw.js" }]) {
    const response = await fetch(name === "index.html" ? origin : `${origin}/${name}`);
    const { "content-encoding": _, "content-length": __, ...headers } = Object.fromEntries(response.headers);
    served.set(name, { headers, body: Buffer.from(await response.arrayBuffer()) });
    if (/\.(js|css|html)$/.test(name)) texts.set(name, served.get(name).body.toString());
  }
  const list = files.map((file) => ({ ...file }));
  // In this order a file's new name is known before anything that mentions it is hashed.
  for (const key of ["style.css", "app.js", "boot.js", "index.html"]) {
    const entry = list.find((file) => plain(file.name) === key);
    const text = edits[key]?.(texts.get(entry.name)) ?? texts.get(entry.name);
    const old = entry.name;
    const name = key === "index.html" ? old : `${key.split(".")[0]}.${sha256(text).slice(0, 16)}.${key.split(".")[1]}`;
    served.set(name, { headers: served.get(old).headers, body: Buffer.from(text) });
    Object.assign(entry, { name, sha256: sha256(text), bytes: Buffer.byteLength(text) });
    for (const [other, content] of texts) texts.set(other, content.replaceAll(old, name));
    if (old === name) continue;
    texts.set(name, text);
  }
  const worker = texts.get("sw.js").replace(/const FILES = .*;/, `const FILES = ${JSON.stringify(list)};`);
  const id = sha256(worker).slice(0, 16);
  served.set("sw.js", { headers: served.get("sw.js").headers, body: Buffer.from(worker.replace(build, id)) });
  return served;
}
