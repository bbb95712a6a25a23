//! Which Item Tax Template a row carries, and which it may carry.

use crate::{
    Date,
    goods::Good,
    masters::{AccountRate, ItemTax, Tables},
    sort,
};

/// The Item Tax Template of a new row: the item's rows, else the nearest group's that has any. A template that the row
/// has already is kept where it is among the candidates.
pub(crate) fn choose(
    good: &Good<'_>,
    tables: &Tables,
    tax_category: &str,
    date: Date,
    present: &str,
) -> Option<String> {
    let own = pick(good.taxes(), tax_category, date, present);
    let of_groups =
        || good.groups.iter().find_map(|group| pick(group_taxes(tables, group), tax_category, date, present));
    own.or_else(of_groups).map(str::to_owned)
}

fn pick<'a>(rows: &'a [ItemTax], tax_category: &str, date: Date, present: &str) -> Option<&'a str> {
    if rows.is_empty() {
        return None;
    }
    let candidates = candidates(rows.iter(), date, 0.0);
    let kept = candidates.iter().find(|row| row.item_tax_template == present);
    kept.or_else(|| candidates.iter().find(|row| row.tax_category == tax_category))
        .map(|row| row.item_tax_template.as_str())
}

fn group_taxes<'a>(tables: &'a Tables, group: &str) -> &'a [ItemTax] {
    tables.item_group_taxes.iter().find(|entry| entry.item_group == group).map_or(&[], |entry| &entry.taxes)
}

/// Dated rows that hold now, newest first; without any, the undated ones.
fn candidates<'a>(rows: impl Iterator<Item = &'a ItemTax> + Clone, date: Date, net_rate: f64) -> Vec<&'a ItemTax> {
    let is_dated = |row: &&ItemTax| row.valid_from.is_some() || row.maximum_net_rate != 0.0;
    let mut dated: Vec<&ItemTax> = rows
        .clone()
        .filter(is_dated)
        .filter(|row| row.valid_from.is_none_or(|from| from <= date))
        .filter(|row| {
            row.maximum_net_rate == 0.0 || (row.minimum_net_rate <= net_rate && net_rate <= row.maximum_net_rate)
        })
        .collect();
    if dated.is_empty() {
        return rows.filter(|row| !is_dated(row)).collect();
    }
    sort::few(&mut dated, |a, b| a.valid_from > b.valid_from);
    dated
}

/// The template that replaces a row's at its net rate (slabs by price), if the row's is not allowed: the item's own rows and
/// all its groups' count as one list.
pub(crate) fn replacement(
    good: &Good<'_>,
    tables: &Tables,
    tax_category: &str,
    date: Date,
    base_net_rate: f64,
    present: &str,
) -> Option<String> {
    let of_groups = good.groups.iter().flat_map(|group| group_taxes(tables, group));
    let candidates = candidates(good.taxes().iter().chain(of_groups), date, base_net_rate);
    let mut allowed = candidates.iter().filter(|row| row.tax_category == tax_category).peekable();
    let first = allowed.peek()?.item_tax_template.clone();
    allowed.all(|row| row.item_tax_template != present).then_some(first)
}

/// What a template says: a rate for each account it names; nothing without a template.
pub(crate) fn rates<'a>(tables: &'a Tables, template: &str) -> &'a [AccountRate] {
    if template.is_empty() {
        return &[];
    }
    tables.item_tax_templates.iter().find(|entry| entry.name == template).map_or(&[], |entry| &entry.taxes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Shop,
        goods::Loader,
        masters::{Item, ItemGroupTaxes, TreeNode},
    };

    fn row(template: &str, category: &str) -> ItemTax {
        ItemTax { item_tax_template: template.into(), tax_category: category.into(), ..ItemTax::default() }
    }

    fn shop(own: Vec<ItemTax>, of_group: Vec<ItemTax>) -> Shop {
        let node = |name: &str, parent: &str| TreeNode { name: name.into(), parent: parent.into() };
        let tables = Tables {
            item_groups: vec![node("All", ""), node("Food", "All"), node("Bread", "Food")],
            item_group_taxes: vec![ItemGroupTaxes { item_group: "Food".into(), taxes: of_group }],
            ..Tables::default()
        };
        let template = Item { item_code: "T".into(), has_variants: true, taxes: own, ..Item::default() };
        let item =
            Item { item_code: "A".into(), item_group: "Bread".into(), variant_of: "T".into(), ..Item::default() };
        Shop::new("shop", tables, vec![template, item], Vec::new())
    }

    fn day() -> Date {
        Date::new(2026, 11, 23).expect("a day")
    }

    #[test]
    fn a_variant_has_its_templates_taxes_and_groups_come_after() {
        let shop = shop(vec![row("Own", "")], vec![row("Group", ""), row("Exempt", "Free")]);
        let good = Loader::new(&shop).load("A").expect("it is there");

        assert_eq!(choose(&good, &shop.tables, "", day(), "").as_deref(), Some("Own"));
        assert_eq!(choose(&good, &shop.tables, "Free", day(), "").as_deref(), Some("Exempt"));
        assert_eq!(choose(&good, &shop.tables, "Other", day(), ""), None);
    }

    #[test]
    fn a_slab_by_price_replaces_the_template_of_another_slab() {
        let low = ItemTax { maximum_net_rate: 10.0, ..row("Low", "") };
        let high = ItemTax { minimum_net_rate: 10.01, maximum_net_rate: 1e6, ..row("High", "") };
        let shop = shop(vec![low, high], Vec::new());
        let good = Loader::new(&shop).load("A").expect("it is there");
        let at = |rate, present| replacement(&good, &shop.tables, "", day(), rate, present);

        assert_eq!(choose(&good, &shop.tables, "", day(), "").as_deref(), Some("Low"));
        assert_eq!(at(9.0, "Low"), None);
        assert_eq!(at(20.0, "Low").as_deref(), Some("High"));
    }
}
