//! One build of the app: its files under names that change with their content, the page that refers to them, and
//! `build.json`, which lists them all for the service worker.

use crate::{bindings::Bindings, compress, stamp};
use anyhow::{Context as _, ensure};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeMap, fs, path::Path};

/// The path under which the hub serves these files.
const BASE: &str = "/pos/";

/// Hexadecimal digits of a hash that go into a file name. The hub lets browsers keep such files forever.
const NAME_HASH_DIGITS: usize = 16;

/// Everything that is to be served.
pub(crate) struct Bundle {
    files: BTreeMap<String, Vec<u8>>,
}

/// The list that a service worker installs a build by. The worker itself and this list are not on it.
#[derive(Serialize)]
struct BuildList<'a> {
    id: &'a str,
    files: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    sha256: String,
    bytes: usize,
}

/// Puts a build together from the shell's files, the style sheets and the app.
pub(crate) fn assemble(web: &Path, style: &Path, bindings: Bindings) -> anyhow::Result<Bundle> {
    let mut build = Builder::default();
    build.add("app", "js", bindings.script);
    build.add("app", "wasm", bindings.wasm);
    build.add("style", "css", join_style_sheets(style)?);
    build.add("boot", "js", read(&web.join("boot.js"))?);
    for icon in list(&web.join("icons"))? {
        let name = icon.file_name().context("an icon has a name")?.to_string_lossy().into_owned();
        let (stem, extension) = name.rsplit_once('.').context("an icon's name has an extension")?;
        build.add(stem, extension, read(&icon)?);
    }
    let manifest = build.fill(&read_text(&web.join("manifest.webmanifest"))?)?;
    build.add("manifest", "webmanifest", manifest.into_bytes());
    build.finish(&read_text(&web.join("index.html"))?, read(&web.join("sw.js"))?)
}

/// The files so far, and what a template calls them.
#[derive(Default)]
struct Builder {
    files: BTreeMap<String, Vec<u8>>,
    addresses: BTreeMap<String, String>,
}

impl Builder {
    fn add(&mut self, stem: &str, extension: &str, bytes: Vec<u8>) {
        let hash = hex::encode(Sha256::digest(&bytes));
        let name = format!("{stem}.{}.{extension}", &hash[..NAME_HASH_DIGITS]);
        self.addresses.insert(format!("{stem}.{extension}"), format!("{BASE}{name}"));
        self.files.insert(name, bytes);
    }

    /// Replaces each `{{file}}` by that file's address.
    fn fill(&self, template: &str) -> anyhow::Result<String> {
        let mut parts = template.split("{{");
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (file, rest) = part.split_once("}}").context("a template's `{{` is not closed")?;
            let address = self.addresses.get(file).with_context(|| format!("a template names {file}, which there isn't"))?;
            filled += address;
            filled += rest;
        }
        Ok(filled)
    }

    /// The page says which build it belongs to, so the build's identity comes from the page's template and all other files.
    fn finish(mut self, page: &str, worker: Vec<u8>) -> anyhow::Result<Bundle> {
        let mut identity = Sha256::new();
        for (name, bytes) in &self.files {
            identity.update(format!("{name} {}\n", hex::encode(Sha256::digest(bytes))));
        }
        identity.update(page);
        let id = hex::encode(identity.finalize())[..2 * NAME_HASH_DIGITS].to_owned();
        self.addresses.insert("build".to_owned(), id.clone());
        let page = self.fill(page)?;
        self.files.insert("index.html".to_owned(), page.into_bytes());
        let list = BuildList {
            id: &id,
            files: self
                .files
                .iter()
                .map(|(name, bytes)| Listed { name, sha256: hex::encode(Sha256::digest(bytes)), bytes: bytes.len() })
                .collect(),
        };
        let list = serde_json::to_vec_pretty(&list).context("a list of names and numbers is JSON")?;
        self.files.insert("build.json".to_owned(), list);
        self.files.insert("sw.js".to_owned(), worker);
        Ok(Bundle { files: self.files })
    }
}

impl Bundle {
    /// Makes the folder hold exactly these files, each with its compressed twins.
    pub(crate) fn write(&self, out: &Path, is_compressed: bool) -> anyhow::Result<()> {
        stamp::remove(out).context("the old stamp cannot be removed")?;
        if out.exists() {
            fs::remove_dir_all(out).with_context(|| format!("{} cannot be cleared", out.display()))?;
        }
        fs::create_dir_all(out)?;
        for (name, bytes) in &self.files {
            let path = out.join(name);
            fs::write(&path, bytes)?;
            if is_compressed && !has_own_compression(name) {
                fs::write(out.join(format!("{name}.br")), compress::brotli(bytes)?)?;
                fs::write(out.join(format!("{name}.gz")), compress::gzip(bytes)?)?;
            }
        }
        Ok(())
    }
}

fn has_own_compression(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png"))
}

fn join_style_sheets(folder: &Path) -> anyhow::Result<Vec<u8>> {
    let mut joined = Vec::new();
    for sheet in list(folder)? {
        joined.extend(read(&sheet)?);
        joined.push(b'\n');
    }
    ensure!(!joined.is_empty(), "there is no style sheet in {}", folder.display());
    Ok(joined)
}

fn list(folder: &Path) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let mut paths = fs::read_dir(folder)
        .with_context(|| format!("{} cannot be listed", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<anyhow::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn read_text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_content() {
        let mut build = Builder::default();

        build.add("style", "css", b"a".to_vec());

        assert!(build.files.contains_key("style.ca978112ca1bbdca.css"));
    }

    #[test]
    fn a_template_is_filled_with_addresses() {
        let mut build = Builder::default();
        build.add("style", "css", b"a".to_vec());

        let filled = build.fill("<link href='{{style.css}}'>").expect("the file is there");

        assert_eq!(filled, "<link href='/pos/style.ca978112ca1bbdca.css'>");
    }

    #[test]
    fn a_template_that_names_a_missing_file_is_refused() {
        let refused = Builder::default().fill("{{gone.js}}").expect_err("there is no such file");

        assert!(refused.to_string().contains("gone.js"));
    }

    #[test]
    fn any_changed_file_makes_another_build() {
        let id_of = |style: &[u8], page: &str| {
            let mut build = Builder::default();
            build.add("style", "css", style.to_vec());
            let bundle = build.finish(page, Vec::new()).expect("the template is filled");
            bundle.files["build.json"].clone()
        };

        assert_eq!(id_of(b"a", "{{build}}"), id_of(b"a", "{{build}}"));
        assert_ne!(id_of(b"a", "{{build}}"), id_of(b"b", "{{build}}"));
        assert_ne!(id_of(b"a", "{{build}}"), id_of(b"a", "{{build}}."));
    }
}
