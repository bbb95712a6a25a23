//! Turns a finished sale into something to hand over.
//!
//! A [`Document`] holds everything that is printed, every text already formatted; [`html()`] and [`text()`] lay it out for
//! 80 mm and 58 mm paper, [`escpos`] turns it into a receipt printer's bytes. Nothing here knows the journal, the catalogue
//! or the arithmetic.

mod columns;
mod document;
pub mod escpos;
mod html;
mod slip;
mod strip;
mod text;

pub use document::{Document, Labels, Line, Row, TaxRow};
pub use html::{CSS, html, page};
pub use slip::{Slip, SlipRow};
pub use text::text;

/// The paper that is printed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// 80 mm wide.
    #[default]
    Mm80,
    /// 58 mm wide.
    Mm58,
}

impl Paper {
    /// Characters in a line of a receipt printer's usual font.
    pub fn columns(self) -> usize {
        match self {
            Self::Mm80 => 42,
            Self::Mm58 => 32,
        }
    }

    /// The class that tells the stylesheet how wide the paper is.
    pub fn class(self) -> &'static str {
        match self {
            Self::Mm80 => "receipt-80",
            Self::Mm58 => "receipt-58",
        }
    }
}
