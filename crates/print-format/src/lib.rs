//! Prints a document by a shop's own ERPNext Print Format, without the server.
//!
//! A Print Format is a Jinja template that sees the document and a good part of Frappe. [`render`] gives what the server
//! would give, or a [`Refusal`] in one sentence; whoever prints falls back to the built-in receipt then. Nothing in between:
//! what cannot be answered here is never left blank in silence.
//!
//! Everything a template may ask for is in the [`Site`] and the [`Document`]. There is no network, no clock and no file
//! behind it, and [`Limits`] end a template that runs, nests or prints without end.

mod arguments;
mod builtins;
mod dates;
mod document;
mod fields;
mod format;
mod formatted;
mod frappe;
mod methods;
mod moment;
mod money;
mod mutable;
mod numbers;
mod printf;
mod raw;
mod records;
mod refusal;
mod render;
mod rewrite;
mod site;
mod utils;
mod words;

pub use document::Document;
pub use fields::Field;
pub use format::PrintFormat;
pub use refusal::Refusal;
pub use render::{Limits, Printed, render};
pub use site::{LetterHead, Settings, Site, User};
pub use words::{in_words, in_words_indian};
