//! What `ERPNext` fills into a line when an item is chosen: UOM, conversion factor, price, tax template
//! (`get_item_details`).

use crate::{
    Date,
    invoice::InvoiceItem,
    masters::{AccountRate, Item, ItemPrice, ItemTax, Masters, Tables},
};

/// Stock units in one `uom` of an item: its own row, else UOM Conversion Factor either way round, else 1.
pub(crate) fn conversion_factor(item: &Item, uom: &str, tables: &Tables) -> f64 {
    if uom == item.stock_uom {
        return 1.0;
    }
    if let Some(row) = item.uoms.iter().find(|row| row.uom == uom) {
        return row.conversion_factor;
    }
    let find = |from: &str, to: &str| {
        tables.uom_conversions.iter().find(|row| row.from_uom == from && row.to_uom == to).map(|row| row.value)
    };
    find(uom, &item.stock_uom)
        .or_else(|| find(&item.stock_uom, uom).filter(|value| *value != 0.0).map(|value| 1.0 / value))
        .unwrap_or(1.0)
}

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

/// The list price of an item, of its template if it has none itself; in the price list's currency, for one `uom`.
pub(crate) fn list_price(item: &Item, query: &PriceQuery<'_>, masters: &impl Masters) -> Option<f64> {
    own_price(item, query).or_else(|| {
        let template = masters.item(&item.variant_of).filter(|_| !item.variant_of.is_empty())?;
        own_price(&template, query)
    })
}

fn own_price(item: &Item, query: &PriceQuery<'_>) -> Option<f64> {
    let find = |uom: &str, customer: &str| best_price(item, query, uom, customer);
    let with_customer = if query.qty == 0.0 { "" } else { query.customer };
    let row = match find(query.uom, with_customer) {
        // Where the customer's (or first) price asks for whole packs there is no fallback.
        Some(row) if row.packing_unit != 0 && query.qty % f64::from(row.packing_unit) != 0.0 => {
            return None;
        }
        Some(row) => row,
        None => find(query.uom, "")
            .or_else(|| if query.uom == item.stock_uom { None } else { find(&item.stock_uom, "") })?,
    };
    let rate = row.price_list_rate;
    Some(if row.uom == query.uom { rate } else { rate * query.conversion_factor })
}

/// Newest `valid_from` first, then a batch's own price, then a UOM's own.
fn best_price<'a>(item: &'a Item, query: &PriceQuery<'_>, uom: &str, customer: &str) -> Option<&'a ItemPrice> {
    item.prices
        .iter()
        .filter(|price| {
            price.price_list == query.price_list
                && price.customer == customer
                && (price.uom.is_empty() || price.uom == uom)
                && (price.batch_no.is_empty() || price.batch_no == query.batch_no)
                && price.valid_from.is_none_or(|from| from <= query.date)
                && price.valid_upto.is_none_or(|upto| query.date <= upto)
        })
        // The first of equals counts, as the database returns them.
        .reduce(|best, price| {
            let key = |p: &ItemPrice| (p.valid_from, !p.batch_no.is_empty(), !p.uom.is_empty());
            if key(price) > key(best) { price } else { best }
        })
}

/// The Item Tax Template of a new line: the item's rows, else the nearest group's that has any.
pub(crate) fn tax_template(item: &Item, tables: &Tables, tax_category: &str, date: Date) -> String {
    let own = pick_template(&item.taxes, tax_category, date, 0.0);
    own.or_else(|| {
        Tables::lineage(&tables.item_groups, &item.item_group)
            .into_iter()
            .find_map(|group| pick_template(group_taxes(tables, group), tax_category, date, 0.0))
    })
    .unwrap_or_default()
}

fn group_taxes<'a>(tables: &'a Tables, group: &str) -> &'a [ItemTax] {
    tables.item_group_taxes.iter().find(|entry| entry.item_group == group).map_or(&[], |entry| &entry.taxes)
}

/// Dated rows that hold now, newest first; without any, the undated ones.
fn candidates(rows: &[ItemTax], date: Date, net_rate: f64) -> Vec<&ItemTax> {
    let is_dated = |row: &&ItemTax| row.valid_from.is_some() || row.maximum_net_rate != 0.0;
    let mut dated: Vec<&ItemTax> = rows
        .iter()
        .filter(is_dated)
        .filter(|row| row.valid_from.is_none_or(|from| from <= date))
        .filter(|row| {
            row.maximum_net_rate == 0.0 || (row.minimum_net_rate <= net_rate && net_rate <= row.maximum_net_rate)
        })
        .collect();
    if dated.is_empty() {
        return rows.iter().filter(|row| !is_dated(row)).collect();
    }
    dated.sort_by_key(|row| std::cmp::Reverse(row.valid_from));
    dated
}

fn pick_template(rows: &[ItemTax], tax_category: &str, date: Date, net_rate: f64) -> Option<String> {
    candidates(rows, date, net_rate)
        .into_iter()
        .find(|row| row.tax_category == tax_category)
        .map(|row| row.item_tax_template.clone())
}

/// Every template that an item may carry at a net rate: its own rows and all its groups' as one list.
pub(crate) fn allowed_tax_templates(
    item: &Item,
    tables: &Tables,
    tax_category: &str,
    date: Date,
    base_net_rate: f64,
) -> Vec<String> {
    let mut rows = item.taxes.clone();
    for group in Tables::lineage(&tables.item_groups, &item.item_group) {
        rows.extend_from_slice(group_taxes(tables, group));
    }
    candidates(&rows, date, base_net_rate)
        .into_iter()
        .filter(|row| row.tax_category == tax_category)
        .map(|row| row.item_tax_template.clone())
        .collect()
}

/// What a template says: a rate for each account it names; nothing without a template.
pub(crate) fn item_tax_rate(tables: &Tables, template: &str) -> Vec<AccountRate> {
    tables
        .item_tax_templates
        .iter()
        .find(|entry| entry.name == template)
        .map(|entry| entry.taxes.clone())
        .unwrap_or_default()
}

/// Fills what follows from the item alone.
pub(crate) fn describe(line: &mut InvoiceItem, item: &Item) {
    line.item_code.clone_from(&item.item_code);
    line.item_name.clone_from(&item.item_name);
    line.item_group.clone_from(&item.item_group);
    line.brand.clone_from(&item.brand);
    line.stock_uom.clone_from(&item.stock_uom);
}
