//! What a cashier waits for, measured by `tests/browser/bench.mjs` in a real browser.

use super::figure::Figure;
use crate::{browser::Browser, command::output, places::Places};
use anyhow::Context as _;

/// The script prints figures as JSON on its last line, and what it is doing on standard error.
pub(crate) fn measure(places: &Places) -> anyhow::Result<Vec<Figure>> {
    let printed = output(Browser::set_up(places)?.node(places).arg("bench.mjs"))?;
    let last = printed.trim().lines().next_back().context("bench.mjs printed nothing")?;
    serde_json::from_str(last).context("bench.mjs did not end with its figures")
}
