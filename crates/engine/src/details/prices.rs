//! Which Item Price a row gets.

use crate::{
    Date,
    goods::Good,
    masters::{Item, ItemPrice},
};

/// What decides about a price besides the item.
pub(crate) struct PriceQuery<'a> {
    pub(crate) price_list: &'a str,
    pub(crate) uom: &'a str,
    pub(crate) conversion_factor: f64,
    pub(crate) qty: f64,
    pub(crate) customer: &'a str,
    pub(crate) batch_no: &'a str,
    pub(crate) date: Date,
}

/// An Item Price that the server makes of a row that was sold at a rate without a list price.
pub(crate) struct NewPrice {
    pub(crate) item_code: String,
    pub(crate) price: ItemPrice,
}

/// The list price of an item, of its template if it has none itself; in the price list's currency, for one `uom`.
pub(crate) fn list_price(good: &Good<'_>, query: &PriceQuery<'_>, new: &[NewPrice]) -> Option<f64> {
    let of = |item: &Item| price_of(item, query, new);
    of(&good.item).or_else(|| of(good.template.as_ref()?))
}

fn price_of(item: &Item, query: &PriceQuery<'_>, new: &[NewPrice]) -> Option<f64> {
    let find = |uom: &str, customer: &str| best(item, query, uom, customer, new);
    let row = match find(query.uom, query.customer) {
        // Where the first price found asks for whole packs there is no fallback.
        Some(row) => Some(row).filter(|row| query.qty != 0.0 && fits_packs(row, query.qty))?,
        None => find(query.uom, "")
            .or_else(|| if query.uom == item.stock_uom { None } else { find(&item.stock_uom, "") })?,
    };
    let rate = row.price_list_rate;
    Some(if row.uom == query.uom { rate } else { rate * query.conversion_factor })
}

fn fits_packs(price: &ItemPrice, qty: f64) -> bool {
    price.packing_unit == 0 || qty % f64::from(price.packing_unit) == 0.0
}

/// Newest `valid_from` first, then a batch's own price, then a UOM's own.
fn best<'a>(
    item: &'a Item,
    query: &PriceQuery<'_>,
    uom: &str,
    customer: &str,
    new: &'a [NewPrice],
) -> Option<&'a ItemPrice> {
    let new = new.iter().filter(|new| new.item_code == item.item_code).map(|new| &new.price);
    item.prices
        .iter()
        .chain(new)
        .filter(|price| {
            price.price_list == query.price_list
                && price.customer == customer
                && (price.uom.is_empty() || price.uom == uom)
                && (price.batch_no.is_empty() || price.batch_no == query.batch_no)
                && query.date.is_within(price.valid_from, price.valid_upto)
        })
        // The first of equals counts, as the database returns them.
        .reduce(|best, price| if rank(price) > rank(best) { price } else { best })
}

fn rank(price: &ItemPrice) -> (Option<Date>, bool, bool) {
    (price.valid_from, !price.batch_no.is_empty(), !price.uom.is_empty())
}

/// The price of one batch, whoever buys and whenever: it replaces the rate of a row whose batch the server chose.
pub(crate) fn batch_price(item: &Item, price_list: &str, uom: &str, batch_no: &str) -> Option<f64> {
    let matching = |is_general: bool| {
        item.prices
            .iter()
            .filter(|price| price.price_list == price_list && price.batch_no == batch_no)
            .filter(|price| price.uom.is_empty() || price.uom == uom)
            .filter(|price| !is_general || price.customer.is_empty())
            .reduce(|best, price| if rank(price) > rank(best) { price } else { best })
    };
    let price = matching(true).or_else(|| matching(false))?;
    (price.uom == uom && price.price_list_rate != 0.0).then_some(price.price_list_rate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Shop, Tables, goods::Loader};

    fn price(uom: &str, rate: f64) -> ItemPrice {
        ItemPrice { price_list: "Retail".into(), uom: uom.into(), price_list_rate: rate, ..ItemPrice::default() }
    }

    fn found(prices: Vec<ItemPrice>, uom: &str, factor: f64, qty: f64, customer: &str) -> Option<f64> {
        let item = Item { item_code: "A".into(), stock_uom: "Nos".into(), prices, ..Item::default() };
        let shop = Shop::new("shop", Tables::default(), vec![item], Vec::new());
        let good = Loader::new(&shop).load("A").expect("it is there");
        let date = Date::new(2026, 11, 23).expect("a day");
        let query =
            PriceQuery { price_list: "Retail", uom, conversion_factor: factor, qty, customer, batch_no: "", date };
        list_price(&good, &query, &[])
    }

    #[test]
    fn a_units_own_price_beats_the_stock_units_price_times_its_factor() {
        assert_eq!(found(vec![price("Nos", 2.0), price("Box", 20.0)], "Box", 12.0, 1.0, ""), Some(20.0));
        assert_eq!(found(vec![price("Nos", 2.0)], "Box", 12.0, 1.0, ""), Some(24.0));
    }

    #[test]
    fn a_newer_price_beats_a_more_specific_one() {
        let newer = ItemPrice { valid_from: Date::new(2026, 11, 1), ..price("", 3.0) };
        let older = ItemPrice { valid_from: Date::new(2026, 1, 1), ..price("Nos", 2.0) };

        assert_eq!(found(vec![older, newer], "Nos", 1.0, 1.0, ""), Some(3.0));
    }

    #[test]
    fn a_customers_price_for_whole_packs_leaves_broken_packs_without_a_price() {
        let own = ItemPrice { customer: "Ada".into(), packing_unit: 6, ..price("Nos", 1.5) };

        assert_eq!(found(vec![price("Nos", 2.0), own.clone()], "Nos", 1.0, 12.0, "Ada"), Some(1.5));
        assert_eq!(found(vec![price("Nos", 2.0), own], "Nos", 1.0, 7.0, "Ada"), None);
    }

    #[test]
    fn a_customers_price_in_the_stock_unit_does_not_help_in_another_unit() {
        let own = ItemPrice { customer: "Ada".into(), ..price("Nos", 1.0) };

        assert_eq!(found(vec![own, price("Nos", 2.0)], "Box", 12.0, 1.0, "Ada"), Some(24.0));
    }
}
