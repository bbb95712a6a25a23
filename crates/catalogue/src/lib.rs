//! Holds everything a terminal needs in order to sell, compact and searchable.
//!
//! A hub [`compile`]s a shop into content-addressed segments, once for each POS Profile; a terminal fetches the segments it
//! lacks, checks them and [`Catalogue::open`]s them. Opening copies nothing and decodes almost nothing: items are decoded
//! when they are looked at, and the search index is used in place.

mod compile;
mod index;
mod manifest;
mod open;
mod search;
mod segment;
mod similar;

pub use compile::{Compiled, compile};
pub use manifest::{Delta, Manifest, SegmentKind, SegmentRef};
pub use open::{Catalogue, Hit, ItemId, OpenError};
pub use search::fold;
pub use segment::{CORRUPT, digest};
