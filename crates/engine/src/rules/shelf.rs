//! The rules of a shop with what is known about them for one document: which are meant for its customer and its day.

use super::index::RuleIndex;
use crate::{
    Invoice,
    condition::Condition,
    document::{Document, field},
    masters::{Masters, PricingRule, Tables},
    refusal::Refusal,
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

/// The rules for one document.
pub(crate) struct Shelf<'m> {
    pub(super) rules: &'m [PricingRule],
    index: Index<'m>,
    /// Whether a rule is meant for the document, as far as somebody asked.
    is_meant: Vec<Cell<Option<bool>>>,
    conditions: RefCell<Vec<(usize, Rc<Condition>)>>,
    customer_groups: Vec<&'m str>,
    territories: Vec<&'m str>,
    /// The warehouse that was asked for last, with all above it.
    warehouses: RefCell<(String, Vec<&'m str>)>,
}

enum Index<'m> {
    Kept(&'m RuleIndex),
    Made(Box<RuleIndex>),
}

impl<'m> Shelf<'m> {
    pub(crate) fn new(tables: &'m Tables, index: Option<&'m RuleIndex>, invoice: &Invoice) -> Self {
        let rules = tables.pricing_rules.as_slice();
        let groups = &tables.customer_groups;
        let customer_groups = lineage(
            |name| groups.iter().find(|node| node.name == name).map(|node| (&*node.name, &*node.parent)),
            &invoice.customer_group,
        );
        Self {
            rules,
            index: match index.filter(|index| index.fits(rules)) {
                Some(index) => Index::Kept(index),
                None => Index::Made(Box::new(RuleIndex::new(rules))),
            },
            is_meant: vec![Cell::new(None); rules.len()],
            conditions: RefCell::default(),
            customer_groups,
            territories: tree(&tables.territories, &invoice.territory),
            warehouses: RefCell::default(),
        }
    }

    pub(super) fn index(&self) -> &RuleIndex {
        match &self.index {
            Index::Kept(index) => index,
            Index::Made(index) => index,
        }
    }

    /// A rule by name.
    pub(crate) fn by_name(&self, name: &str) -> Option<&'m PricingRule> {
        self.index().by_name(self.rules, name)
    }

    /// Whether a rule is meant for the document: its parties, its price list, its day.
    pub(super) fn is_meant<M: Masters>(&self, at: usize, document: &Document<'m, M>) -> bool {
        self.is_meant[at].get().unwrap_or_else(|| {
            let (rule, invoice) = (&self.rules[at], &document.invoice);
            let day = document.context.posting_date;
            let is_meant = (rule.for_price_list.is_empty() || rule.for_price_list == invoice.selling_price_list)
                && day.is_within(rule.valid_from, rule.valid_upto)
                && self.fits_parties(rule, invoice);
            self.is_meant[at].set(Some(is_meant));
            is_meant
        })
    }

    /// Whether a rule is meant for the document's customer, the customer's group and territory, and for the campaign and
    /// the partner that brought the sale.
    pub(super) fn fits_parties(&self, rule: &PricingRule, invoice: &Invoice) -> bool {
        let is_blank_or = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
        let is_in =
            |wanted: &str, nodes: &[&str], node: &str| wanted.is_empty() || nodes.contains(&wanted) || wanted == node;
        is_blank_or(&rule.customer, &invoice.customer)
            && is_blank_or(&rule.campaign, &invoice.campaign)
            && is_blank_or(&rule.sales_partner, &invoice.sales_partner)
            && is_in(&rule.customer_group, &self.customer_groups, &invoice.customer_group)
            && is_in(&rule.territory, &self.territories, &invoice.territory)
    }

    /// Whether a rule's warehouse is blank, the row's or one above it.
    pub(super) fn fits_warehouse(&self, rule: &PricingRule, warehouse: &str, tables: &'m Tables) -> bool {
        if rule.warehouse.is_empty() || rule.warehouse == warehouse {
            return true;
        }
        let mut known = self.warehouses.borrow_mut();
        if known.0 != warehouse {
            *known = (warehouse.to_owned(), tree(&tables.warehouses, warehouse));
        }
        known.1.contains(&rule.warehouse.as_str())
    }

    /// Whether a rule's condition holds for the document as it is now.
    pub(super) fn holds<M: Masters>(&self, at: usize, document: &Document<'m, M>) -> Result<bool, Refusal> {
        let rule = &self.rules[at];
        if rule.condition.is_empty() {
            return Ok(true);
        }
        let known = self.conditions.borrow().iter().find(|(rule, _)| *rule == at).map(|(_, found)| Rc::clone(found));
        let condition = known.unwrap_or_else(|| {
            let read = Rc::new(Condition::read(&rule.condition));
            self.conditions.borrow_mut().push((at, Rc::clone(&read)));
            read
        });
        let holds = condition.holds(&|name| field(document, name));
        holds.map_err(|reason| Refusal::Condition { rule: rule.name.clone(), reason })
    }
}

fn tree<'m>(nodes: &'m [crate::masters::TreeNode], name: &str) -> Vec<&'m str> {
    lineage(|name| nodes.iter().find(|node| node.name == name).map(|node| (&*node.name, &*node.parent)), name)
}

/// A node and all above it, as far as the tree has them. Ends at a loop, should somebody have made one.
fn lineage<'m>(find: impl Fn(&str) -> Option<(&'m str, &'m str)>, name: &str) -> Vec<&'m str> {
    let mut nodes: Vec<&'m str> = Vec::new();
    let mut next = find(name);
    while let Some((name, parent)) = next.filter(|(name, _)| !nodes.contains(name)) {
        nodes.push(name);
        next = find(parent);
    }
    nodes
}
