//! Why a document is not printed by a format: one sentence for the person at the counter's administrator.

use minijinja::{Error, ErrorKind};
use thiserror::Error as ThisError;

/// Why nothing was printed. The built-in receipt is printed instead.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum Refusal {
    /// The format is one that only the server can render.
    #[error("The print format “{format}” {reason}.")]
    Kind {
        /// The Print Format.
        format: String,
        /// What it is, as the rest of the sentence.
        reason: &'static str,
    },
    /// The template calls something that only the server has.
    #[error("The print format uses {what}, which only the server can answer.")]
    ServerOnly {
        /// What was called, as it is written in templates.
        what: String,
    },
    /// The template asks for a record that is not held here.
    #[error("The print format asks for {what}, which this counter does not hold.")]
    NotHeld {
        /// What it asked for.
        what: String,
    },
    /// The template is wrong, or fails for this document.
    #[error("The print format fails in line {line}: {detail}.")]
    Broken {
        /// The line of the template.
        line: usize,
        /// What Jinja says.
        detail: String,
    },
    /// The template does not come to an end in time.
    #[error("The print format takes too long.")]
    TooLong,
    /// The template prints more than any receipt.
    #[error("The print format prints too much.")]
    TooMuch,
    /// A raw format prints what a printer's bytes cannot say.
    #[error("The print format prints “{character}”, which a printer's bytes cannot say.")]
    NoByte {
        /// The character.
        character: char,
    },
}

impl Refusal {
    /// Something of Frappe's that only a server has.
    pub(crate) fn server_only(what: impl Into<String>) -> Error {
        Self::ServerOnly { what: what.into() }.into_error()
    }

    /// A record that is not here.
    pub(crate) fn not_held(what: impl Into<String>) -> Error {
        Self::NotHeld { what: what.into() }.into_error()
    }

    fn into_error(self) -> Error {
        Error::new(ErrorKind::InvalidOperation, self.to_string()).with_source(self)
    }

    /// What a failed rendering means.
    pub(crate) fn from_error(error: &Error) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(error) = cause {
            if let Some(refusal) = error.downcast_ref::<Self>() {
                return refusal.clone();
            }
            cause = error.source();
        }
        match error.kind() {
            ErrorKind::OutOfFuel => Self::TooLong,
            ErrorKind::WriteFailure => Self::TooMuch,
            kind => {
                let detail = error.detail().map_or_else(|| kind.to_string(), |detail| format!("{kind}: {detail}"));
                Self::Broken { line: error.line().unwrap_or(1), detail }
            }
        }
    }
}

/// A plain failure, as Python would raise it.
pub(crate) fn failure(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail.into())
}
