//! Turns a finished sale into something to hand over.

/// The paper that is printed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// 80 mm wide: 42 columns.
    #[default]
    Mm80,
    /// 58 mm wide: 32 columns.
    Mm58,
}
