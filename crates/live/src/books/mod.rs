//! What ERPNext has in its books, against what the counters sold.

mod ledger;
mod sales;
mod stock;

use crate::{checks::Checks, shop::Shop, site::Site, terminal::Sold};
use anyhow::Result;

/// Checks everything that the day should have left.
pub(crate) async fn check(site: &Site, shop: &Shop, sold: &[Sold], shifts: usize, checks: &mut Checks) -> Result<()> {
    sales::check(site, shop, sold, checks).await?;
    sales::check_shifts(site, shop, shifts, checks).await?;
    ledger::check(site, shop, sold, checks).await?;
    stock::check(site, shop, sold, checks).await
}
