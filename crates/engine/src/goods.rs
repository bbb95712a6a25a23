//! Items in use: each is looked up once a pricing, with its template and the groups above it.

use crate::{
    hash::{ByHash, hash},
    masters::{ApplyOn, Item, ItemTax, Masters, Tables},
};
use std::{borrow::Cow, cell::RefCell, rc::Rc};

/// An item with what is asked of it again and again.
pub(crate) struct Good<'m> {
    pub(crate) item: Cow<'m, Item>,
    /// The item it is a variant of.
    pub(crate) template: Option<Cow<'m, Item>>,
    /// Its group and the groups above, nearest first.
    pub(crate) groups: Rc<[&'m str]>,
}

impl Good<'_> {
    /// An item that nothing is known of.
    pub(crate) fn unknown() -> Self {
        Self { item: Cow::Owned(Item::default()), template: None, groups: Rc::new([]) }
    }

    /// Its own Item Tax rows; a variant without any has its template's.
    pub(crate) fn taxes(&self) -> &[ItemTax] {
        match &self.template {
            Some(template) if self.item.taxes.is_empty() => &template.taxes,
            _ => &self.item.taxes,
        }
    }

    /// What a rule that applies on items, groups or brands compares: the item's own code, group or brand.
    pub(crate) fn own(&self, apply_on: ApplyOn) -> &String {
        match apply_on {
            ApplyOn::ItemCode => &self.item.item_code,
            ApplyOn::ItemGroup => &self.item.item_group,
            ApplyOn::Brand | ApplyOn::Transaction => &self.item.brand,
        }
    }

    /// Whether the item is in a group or below it.
    pub(crate) fn is_in_group(&self, group: &str) -> bool {
        self.groups.contains(&group) || (!group.is_empty() && self.item.item_group == group)
    }

    /// Stock units in one `uom`: the item's own row or its template's, else UOM Conversion Factor either way round or by a
    /// unit in between, else 1.
    pub(crate) fn conversion_factor(&self, uom: &str, tables: &Tables) -> f64 {
        let own = |item: &Item| item.uoms.iter().find(|row| row.uom == uom).map(|row| row.conversion_factor);
        own(&self.item)
            .or_else(|| own(self.template.as_ref()?))
            .filter(|factor| *factor != 0.0)
            .or_else(|| general_factor(uom, &self.item.stock_uom, tables))
            .filter(|factor| *factor != 0.0)
            .unwrap_or(1.0)
    }
}

/// UOM Conversion Factor: exact, inverse, or over a common unit.
fn general_factor(from: &str, to: &str, tables: &Tables) -> Option<f64> {
    if from == to {
        return Some(1.0);
    }
    let rows = &tables.uom_conversions;
    let find = |from: &str, to: &str| rows.iter().find(|row| row.from_uom == from && row.to_uom == to);
    if let Some(exact) = find(from, to) {
        return Some(exact.value);
    }
    if let Some(inverse) = find(to, from) {
        return Some(1.0 / inverse.value).filter(|factor| factor.is_finite());
    }
    rows.iter().filter(|first| first.to_uom == to).find_map(|first| {
        let second = find(&first.from_uom, from)?;
        // The database divides decimals and keeps four more digits than the nine it holds.
        let factor = first.value / second.value;
        factor.is_finite().then(|| crate::rounding::decimal_round(factor, 13))
    })
}

/// Loads items, each once.
pub(crate) struct Loader<'m, M> {
    masters: &'m M,
    goods: RefCell<ByHash<Rc<Good<'m>>>>,
    lineages: RefCell<Vec<Rc<[&'m str]>>>,
}

impl<'m, M: Masters> Loader<'m, M> {
    pub(crate) fn new(masters: &'m M) -> Self {
        Self { masters, goods: RefCell::default(), lineages: RefCell::default() }
    }

    pub(crate) fn masters(&self) -> &'m M {
        self.masters
    }

    /// An item by code; `None` where the catalogue lacks it.
    pub(crate) fn load(&self, item_code: &str) -> Option<Rc<Good<'m>>> {
        let key = hash(0, item_code);
        let known = self.goods.borrow().get(&key).filter(|good| good.item.item_code == item_code).cloned();
        if known.is_some() {
            return known;
        }
        let item = self.masters.item(item_code)?;
        let template = if item.variant_of.is_empty() { None } else { self.masters.item(&item.variant_of) };
        let groups = self.groups_above(&item.item_group);
        let good = Rc::new(Good { item, template, groups });
        self.goods.borrow_mut().insert(key, Rc::clone(&good));
        Some(good)
    }

    /// A group of the tree and the groups above it.
    fn groups_above(&self, item_group: &str) -> Rc<[&'m str]> {
        let known = self.lineages.borrow().iter().find(|groups| groups.first() == Some(&item_group)).cloned();
        known.unwrap_or_else(|| {
            let nodes = &self.masters.tables().item_groups;
            let start = nodes.iter().find(|node| node.name == item_group).map_or("", |node| node.name.as_str());
            let groups: Rc<[&'m str]> = Tables::lineage(nodes, start).into();
            self.lineages.borrow_mut().push(Rc::clone(&groups));
            groups
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Shop, masters::UomConversionFactor};

    #[test]
    fn a_unit_in_between_leads_from_one_unit_to_another() {
        let row = |from: &str, to: &str, value| UomConversionFactor { from_uom: from.into(), to_uom: to.into(), value };
        let tables = Tables {
            uom_conversions: vec![row("Gram", "Milligram", 1000.0), row("Gram", "Kg", 0.001)],
            ..Tables::default()
        };
        let item = Item { item_code: "A".into(), stock_uom: "Milligram".into(), ..Item::default() };
        let shop = Shop::new("shop", tables, vec![item], Vec::new());

        let good = Loader::new(&shop).load("A").expect("it is there");

        assert_eq!(good.conversion_factor("Kg", &shop.tables), 1_000_000.0);
        assert_eq!(good.conversion_factor("Gram", &shop.tables), 1000.0);
        assert_eq!(good.conversion_factor("Milligram", &shop.tables), 1.0);
        assert_eq!(good.conversion_factor("Barrel", &shop.tables), 1.0);
    }
}
