//! What `ERPNext` finds out about a row from the item alone (`get_item_details`): price, tax template, batch.

pub(crate) mod batches;
pub(crate) mod prices;
pub(crate) mod tax_templates;
