//! How much a first visit downloads.

use super::figure::{Budget, Figure};
use crate::places::Places;
use anyhow::Context as _;
use serde::Deserialize;
use std::fs;

/// Most that the app may weigh on the wire.
const APP_KB_MAX: f64 = 600.0;

#[derive(Deserialize)]
struct BuildList {
    files: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
    bytes: u32,
}

/// Adds up the files of the build that lies in `places.app()`.
pub(crate) fn measure(places: &Places) -> anyhow::Result<Vec<Figure>> {
    let list = fs::read(places.app().join("build.json")).context("the app has not been built")?;
    let list: BuildList = serde_json::from_slice(&list)?;
    let mut names: Vec<(String, u32)> = list.files.into_iter().map(|file| (file.name, file.bytes)).collect();
    for unlisted in ["build.json", "sw.js"] {
        let bytes = fs::metadata(places.app().join(unlisted))?.len();
        names.push((unlisted.to_owned(), u32::try_from(bytes)?));
    }
    let total = |suffix: &str| -> anyhow::Result<f64> {
        let mut bytes = 0;
        for (name, plain) in &names {
            // What has no compressed twin travels as it is.
            bytes += match fs::metadata(places.app().join(format!("{name}{suffix}"))) {
                Ok(twin) => u32::try_from(twin.len())?,
                Err(_) => *plain,
            };
        }
        Ok(f64::from(bytes) / 1000.0)
    };
    Ok(vec![
        Figure::new("app, brotli (over HTTPS)", total(".br")?, "kB", Some(Budget::AtMost(APP_KB_MAX))),
        Figure::new("app, gzip (over plain HTTP)", total(".gz")?, "kB", Some(Budget::AtMost(APP_KB_MAX))),
        Figure::new("app, not compressed", total("")?, "kB", None),
    ])
}
