//! What is there to sell, as the server counts it when an invoice is submitted.

use crate::masters::BundleItem;

/// How many bundles can be put together: as many as the scarcest part allows. Parts that are no stock items don't count;
/// `available` is asked for a part's quantity in the warehouse and says `None` for those.
pub fn available_bundles(bundle: &[BundleItem], available: impl Fn(&str) -> Option<f64>) -> f64 {
    bundle
        .iter()
        .filter(|part| part.qty != 0.0)
        .filter_map(|part| Some(available(&part.item_code)? / part.qty))
        // ERPNext's own number for "as many as you like".
        .fold(1_000_000.0, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scarcest_part_decides() {
        let part = |code: &str, qty| BundleItem { item_code: code.into(), qty };
        let bundle = [part("tea", 2.0), part("cup", 1.0), part("wrapping", 1.0)];
        let available = |code: &str| match code {
            "tea" => Some(7.0),
            "cup" => Some(5.0),
            _ => None,
        };

        assert_eq!(available_bundles(&bundle, available), 3.5);
        assert_eq!(available_bundles(&[], available), 1_000_000.0);
    }
}
