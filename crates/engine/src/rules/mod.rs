//! Pricing Rules as `ERPNext`'s server applies them on a first save: to each row in order, then to the document.
//!
//! Every pricing starts from the cart, so an effect is gone as soon as the cart no longer qualifies.

mod candidates;
mod effects;
mod free_rows;
mod index;
mod selection;
mod shelf;
mod suggestions;
mod transaction;

pub use index::RuleIndex;

pub(crate) use candidates::RowArgs;
pub(crate) use effects::Outcome;
pub(crate) use free_rows::FreeRow;
pub(crate) use shelf::Shelf;
pub(crate) use transaction::apply as apply_to_transaction;

use crate::{document::Document, masters::Masters, refusal::Refusal};

/// Finds the rules of a row and says what they come to. On a save a row that carries rules keeps them, unchecked.
pub(crate) fn for_row<'m, M: Masters>(
    document: &Document<'m, M>,
    args: &RowArgs,
    is_save: bool,
) -> Result<Outcome<'m>, Refusal> {
    let item = &document.invoice.items[args.at];
    if item.is_free_item || document.invoice.ignore_pricing_rule {
        return Ok(Outcome::default());
    }
    let carried = item.pricing_rules.as_deref();
    let mut suggestions = Vec::new();
    let selected = match carried {
        Some([_, ..]) if is_save => effects::carried(document, args)?,
        Some([]) if is_save => Vec::new(),
        _ => {
            let found = candidates::of_row(document, args)?;
            selection::select(&found, document, args, &mut suggestions)?
        }
    };
    let mut outcome = if selected.is_empty() && carried.is_some() {
        effects::removed(document, args)
    } else {
        effects::of_rules(document, args, &selected)?
    };
    outcome.suggestions = suggestions;
    Ok(outcome)
}
