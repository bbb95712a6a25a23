//! Where things are: the project, what is built from it, and what is kept between builds.

use anyhow::Context as _;
use std::{
    env,
    path::{Path, PathBuf},
};

/// The folders that every task works in.
pub(crate) struct Places {
    /// The project's root.
    pub(crate) root: PathBuf,
    /// What cargo builds: `target`, or what `CARGO_TARGET_DIR` says.
    pub(crate) target: PathBuf,
    /// What is worth keeping when `target` is removed.
    pub(crate) cache: PathBuf,
}

impl Places {
    /// Finds them.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask lies inside the project")?
            .to_path_buf();
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |target| root.join(target));
        let cache = match env::var_os("XDG_CACHE_HOME") {
            Some(cache) => PathBuf::from(cache),
            None => PathBuf::from(env::var_os("HOME").context("HOME is not set")?).join(".cache"),
        };
        Ok(Self { root, target, cache: cache.join("holdfast") })
    }

    /// Where the app's files are collected, ready to be served.
    pub(crate) fn app(&self) -> PathBuf {
        self.target.join("web/app")
    }

    /// The hub with the app inside.
    pub(crate) fn hub(&self) -> PathBuf {
        self.target.join("release/holdfast")
    }
}
