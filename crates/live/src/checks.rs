//! What was checked, and what was not as it should be.

/// A list of checks.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    passed: u32,
    failed: Vec<String>,
}

/// Amounts that differ by less are the same: the books keep nine decimals.
const SAME: f64 = 1e-6;

impl Checks {
    /// Notes whether something holds.
    pub(crate) fn holds(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if holds {
            self.passed += 1;
        } else {
            let what = what();
            println!("  not so: {what}");
            self.failed.push(what);
        }
    }

    /// Notes whether two amounts are the same.
    pub(crate) fn amount(&mut self, what: &str, expected: f64, found: f64) {
        self.holds((expected - found).abs() < SAME, || format!("{what}: {expected} expected, {found} found"));
    }

    /// Notes whether two texts are the same.
    pub(crate) fn text(&mut self, what: &str, expected: &str, found: &str) {
        self.holds(expected == found, || format!("{what}: {expected:?} expected, {found:?} found"));
    }

    /// How many hold, and how many don't.
    pub(crate) fn count(&self) -> (u32, usize) {
        (self.passed, self.failed.len())
    }
}
