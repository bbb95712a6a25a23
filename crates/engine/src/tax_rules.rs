//! Tax Rule: which Sales Taxes and Charges Template a customer gets.

use crate::{
    Context,
    masters::{Customer, Place, Tables, TaxRule, lineage_by},
};

/// The template of the best rule that fits: the most keys matched, then the highest priority. `None` without a rule.
pub(crate) fn template(tables: &Tables, customer: &Customer, tax_category: &str, context: Context) -> Option<String> {
    let day = context.posting_date;
    let mut best: Option<(usize, i32, &TaxRule)> = None;
    for rule in &tables.tax_rules {
        let fits = day.is_within(rule.from_date, rule.to_date) && rule.tax_category == tax_category;
        let Some(matched) = keys_matched(rule, customer, tables).filter(|_| fits) else {
            continue;
        };
        // Of equals the first counts, as the database returns them.
        if best.is_none_or(|(keys, priority, _)| (matched, rule.priority) > (keys, priority)) {
            best = Some((matched, rule.priority, rule));
        }
    }
    best.map(|(_, _, rule)| rule.sales_tax_template.clone()).filter(|template| !template.is_empty())
}

/// How many keys a rule names; `None` where one of them says something else. What the customer lacks is not asked for: a rule
/// for a city fits somebody without an address.
fn keys_matched(rule: &TaxRule, customer: &Customer, tables: &Tables) -> Option<usize> {
    let mut matched = usize::from(rule.names_company);
    if !rule.customer.is_empty() {
        (rule.customer == customer.name).then_some(())?;
        matched += 1;
    }
    if !rule.customer_group.is_empty() && !customer.customer_group.is_empty() {
        is_above(&rule.customer_group, &customer.customer_group, tables).then_some(())?;
        matched += 1;
    }
    let places = [(&rule.billing, &customer.billing), (&rule.shipping, &customer.shipping)];
    for (wanted, place) in places {
        if let Some(place) = place {
            matched += place_keys(wanted, place)?;
        }
    }
    Some(matched)
}

fn place_keys(wanted: &Place, place: &Place) -> Option<usize> {
    let pairs = [
        (&wanted.city, &place.city),
        (&wanted.county, &place.county),
        (&wanted.state, &place.state),
        (&wanted.zipcode, &place.zipcode),
        (&wanted.country, &place.country),
    ];
    let mut matched = 0;
    for (wanted, found) in pairs {
        if !wanted.is_empty() {
            (wanted == found).then_some(())?;
            matched += 1;
        }
    }
    Some(matched)
}

/// Whether a customer group is another one or above it.
fn is_above(group: &str, below: &str, tables: &Tables) -> bool {
    let groups = &tables.customer_groups;
    lineage_by(below, |name| groups.iter().find(|node| node.name == name).map(|node| &*node.parent)).contains(&group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Date, masters::CustomerGroup};

    fn rule(template: &str) -> TaxRule {
        TaxRule { sales_tax_template: template.into(), ..TaxRule::default() }
    }

    fn found(rules: Vec<TaxRule>, customer: &Customer) -> Option<String> {
        let group = |name: &str, parent: &str| CustomerGroup {
            name: name.into(),
            parent: parent.into(),
            ..CustomerGroup::default()
        };
        let tables = Tables {
            tax_rules: rules,
            customer_groups: vec![group("All", ""), group("Trade", "All")],
            ..Tables::default()
        };
        template(&tables, customer, "", Context::on(Date::new(2026, 11, 23).expect("a day")))
    }

    fn trader() -> Customer {
        let home = Place { city: "Kiel".into(), ..Place::default() };
        Customer { name: "Ada".into(), customer_group: "Trade".into(), billing: Some(home), ..Customer::default() }
    }

    #[test]
    fn the_rule_with_most_matches_wins_then_the_priority() {
        let by_group = TaxRule { customer_group: "All".into(), priority: 9, ..rule("Group") };
        let kiel = Place { city: "Kiel".into(), ..Place::default() };
        let by_city = TaxRule { customer_group: "Trade".into(), billing: kiel, ..rule("City") };
        let high = TaxRule { priority: 5, ..rule("High") };

        assert_eq!(found(vec![rule("Any"), high.clone()], &trader()).as_deref(), Some("High"));
        assert_eq!(found(vec![high, by_group, by_city], &trader()).as_deref(), Some("City"));
    }

    #[test]
    fn a_rule_for_another_customer_category_or_city_does_not_fit() {
        let other = TaxRule { customer: "Ben".into(), ..rule("Ben") };
        let category = TaxRule { tax_category: "Exempt".into(), ..rule("Exempt") };
        let hamburg = Place { city: "Hamburg".into(), ..Place::default() };
        let city = TaxRule { billing: hamburg, ..rule("Hamburg") };

        assert_eq!(found(vec![other, category, city.clone()], &trader()), None);
        let homeless = Customer { billing: None, ..trader() };
        assert_eq!(found(vec![city], &homeless).as_deref(), Some("Hamburg"));
    }
}
