//! What is wrong with a connection, an account or a profile, in plain sentences, each with what to do about it.
//!
//! [`Examine`] asks a site and says everything at once; [`of_connection`] and [`of_masters`] judge what the host has already heard.

mod connection;
mod examine;
mod profile;
mod shop;

pub use connection::of_connection;
pub use examine::Examine;
pub use shop::of_masters;

use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Note,
    /// Something that a shop may want to do will be refused.
    Warning,
    /// Nothing can be sold, or booked, like this.
    Error,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What it is about, such as `POS Profile Main Till`.
    pub about: String,
    /// What is wrong, in a sentence.
    pub what: String,
    /// What to do, in a sentence.
    pub remedy: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.about, self.what, self.remedy)
    }
}

/// Collects findings about one thing.
#[derive(Debug)]
struct Findings {
    about: String,
    found: Vec<Finding>,
}

impl Findings {
    fn about(about: impl Into<String>) -> Self {
        Self { about: about.into(), found: Vec::new() }
    }

    fn say(&mut self, severity: Severity, what: impl Into<String>, remedy: impl Into<String>) {
        let (about, what, remedy) = (self.about.clone(), what.into(), remedy.into());
        self.found.push(Finding { severity, about, what, remedy });
    }

    fn error(&mut self, what: impl Into<String>, remedy: impl Into<String>) {
        self.say(Severity::Error, what, remedy);
    }

    fn warning(&mut self, what: impl Into<String>, remedy: impl Into<String>) {
        self.say(Severity::Warning, what, remedy);
    }

    fn note(&mut self, what: impl Into<String>, remedy: impl Into<String>) {
        self.say(Severity::Note, what, remedy);
    }
}
