//! How far a doctype has been read: a value that the host stores with the rows.

use super::walk::Place;
use crate::site::Stamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far a doctype has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Which site and which rows it is about: [`super::Scope::key`]. With another key everything is read again.
    pub(super) key: String,
    /// What was committed before this instant, less the overlap, has been read. Unix milliseconds of the site's clock.
    pub(super) read_until_ms: Option<i64>,
    /// The round that is under way.
    pub(super) round: Option<Round>,
    /// Rows with stamps in the future, as far as they have been read.
    pub(super) ahead: Option<Ahead>,
    /// Fields that this site does not have, those of children as `table.field`.
    pub(super) absent: Vec<String>,
    /// Documents that were read lately, with the stamp that they had: the overlap of two rounds does not read them again.
    pub(super) lately: BTreeMap<String, Stamp>,
}

/// One pass over what may have changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Round {
    /// When it began, by the site's clock.
    pub(super) started_ms: i64,
    /// Where it stands.
    pub(super) place: Place,
    /// What part of it.
    pub(super) part: Part,
}

/// The parts of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Part {
    /// Every row, however high its stamp.
    Whole {
        /// The highest stamp in the future that was read.
        ahead: Option<Stamp>,
    },
    /// Rows up to a stamp: those above have been read before.
    UpTo(Stamp),
    /// Looking whether there is news above that stamp.
    Look(Stamp),
    /// Rows above that stamp.
    Above {
        /// The stamp.
        bound: Stamp,
        /// What is remembered of them afterwards.
        ahead: Ahead,
    },
}

/// What is above the site's own now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ahead {
    /// The highest stamp.
    pub(super) latest: Stamp,
    /// How many rows; `None` if they haven't been counted.
    pub(super) count: Option<u64>,
}

impl Cursor {
    /// Whether a first round is complete: the mirror holds everything.
    pub fn is_complete(&self) -> bool {
        self.read_until_ms.is_some()
    }

    /// The site's clock when the last complete round began, Unix milliseconds: how fresh the mirror is.
    pub fn fresh_at_ms(&self) -> Option<i64> {
        self.read_until_ms
    }

    /// Whether a round has begun and is not at its end.
    pub fn is_under_way(&self) -> bool {
        self.round.is_some()
    }

    /// Fields that this site does not have, those of children as `table.field`.
    pub fn absent_fields(&self) -> &[String] {
        &self.absent
    }
}
