//! Open carts.

use serde::{Deserialize, Serialize};

/// A cart of this terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CartId(pub u64);

/// A line of a cart; stays the same while other lines come and go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LineKey(pub u32);
