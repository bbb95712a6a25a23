//! Which rules could apply to a line: by item, group or brand, by party, day, price list and warehouse.

use crate::{
    invoice::{Invoice, InvoiceItem},
    masters::{ApplyOn, Item, Masters, PricingRule, RuleTarget, Tables, TreeNode},
};
use std::cmp::Reverse;

/// A rule that could apply, with the child row that made it one.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) rule: &'a PricingRule,
    pub(super) target: &'a RuleTarget,
}

/// The candidates of a line, in `ERPNext`'s order: item first, then group, then brand, as far as `ERPNext` looks.
pub(super) fn of_line<'a, M: Masters>(invoice: &Invoice, index: usize, masters: &'a M) -> Vec<Candidate<'a>> {
    let line = &invoice.items[index];
    let item = masters.item(&line.item_code).map(std::borrow::Cow::into_owned).unwrap_or_default();
    let mut found: Vec<Candidate<'a>> = Vec::new();
    for level in [ApplyOn::ItemCode, ApplyOn::ItemGroup, ApplyOn::Brand] {
        found.extend(of_level(level, invoice, line, &item, masters));
        let goes_on = found.first().is_none_or(|first| {
            first.rule.has_priority || found.iter().all(|candidate| candidate.rule.apply_multiple_pricing_rules)
        });
        if !goes_on {
            break;
        }
    }
    found
}

fn of_level<'a, M: Masters>(
    level: ApplyOn,
    invoice: &Invoice,
    line: &InvoiceItem,
    item: &Item,
    masters: &'a M,
) -> Vec<Candidate<'a>> {
    let tables = masters.tables();
    let groups = Tables::lineage(&tables.item_groups, &line.item_group);
    let mut found: Vec<Candidate<'a>> = tables
        .pricing_rules
        .iter()
        .filter(|rule| rule.apply_on == level)
        .flat_map(|rule| rule.targets.iter().map(move |target| Candidate { rule, target }))
        .filter(|candidate| {
            let target = candidate.target;
            let uom_fits = target.uom.is_empty() || target.uom == line.uom;
            match level {
                ApplyOn::ItemCode => {
                    (target.value == line.item_code && uom_fits)
                        || (!item.variant_of.is_empty() && target.value == item.variant_of)
                }
                ApplyOn::ItemGroup => uom_fits && groups.contains(&target.value.as_str()),
                ApplyOn::Brand => !line.brand.is_empty() && target.value == line.brand,
                ApplyOn::Transaction => false,
            }
        })
        .filter(|candidate| fits_line(candidate.rule, invoice, line, tables))
        .filter(|candidate| fits_parties(candidate.rule, invoice, masters))
        .collect();
    // Priority is a text in ERPNext, and sorts as one: "9" before "20".
    found.sort_by_key(|candidate| {
        let priority = if candidate.rule.priority == 0 { String::new() } else { candidate.rule.priority.to_string() };
        Reverse((priority, candidate.rule.name.clone()))
    });
    found
}

fn fits_line(rule: &PricingRule, invoice: &Invoice, line: &InvoiceItem, tables: &Tables) -> bool {
    let date = invoice.posting_date;
    in_tree(&rule.warehouse, &line.warehouse, &tables.warehouses)
        && (rule.for_price_list.is_empty() || rule.for_price_list == invoice.selling_price_list)
        && rule.valid_from.is_none_or(|from| from <= date)
        && rule.valid_upto.is_none_or(|upto| date <= upto)
}

/// Whether a rule is meant for the document's customer, the customer's group and territory.
pub(super) fn fits_parties(rule: &PricingRule, invoice: &Invoice, masters: &impl Masters) -> bool {
    if rule.customer.is_empty() && rule.customer_group.is_empty() && rule.territory.is_empty() {
        return true;
    }
    let tables = masters.tables();
    let customer = masters.customer(&invoice.customer).map(std::borrow::Cow::into_owned).unwrap_or_default();
    let groups: Vec<TreeNode> = tables
        .customer_groups
        .iter()
        .map(|group| TreeNode { name: group.name.clone(), parent: group.parent.clone() })
        .collect();
    (rule.customer.is_empty() || rule.customer == invoice.customer)
        && in_tree(&rule.customer_group, &customer.customer_group, &groups)
        && in_tree(&rule.territory, &customer.territory, &tables.territories)
}

/// Whether a rule's node is blank, the document's node or one of its ancestors.
fn in_tree(wanted: &str, node: &str, nodes: &[TreeNode]) -> bool {
    wanted.is_empty() || Tables::lineage(nodes, node).contains(&wanted)
}
