//! The shop and the cart that are measured, natively and in the browser.

use holdfast_engine::{
    Cart, Line, Payment, Shop, Tables,
    masters::{
        ApplyOn, ChargeType, Company, Currency, Customer, CustomerGroup, FreeItem, Item, ItemPrice, ItemTax,
        ItemTaxTemplate, ModeOfPayment, PosProfile, PriceList, PricingRule, RuleEffect, RuleTarget, TaxRow,
        TaxesTemplate, TreeNode, Uom, UomConversionDetail,
    },
};

const ITEMS: usize = 2_000;
const GROUPS: usize = 60;
const BRANDS: usize = 80;

fn node(name: String, parent: &str) -> TreeNode {
    TreeNode { name, parent: parent.to_owned() }
}

/// A shop of the size of a supermarket's fresh and dry floor.
pub(crate) fn shop(rules: usize) -> Shop {
    let mut item_groups = vec![node("All".into(), "")];
    item_groups.extend((0..6).map(|floor| node(format!("Floor {floor}"), "All")));
    item_groups.extend((0..GROUPS).map(|group| node(format!("Group {group}"), &format!("Floor {}", group % 6))));
    let tables = Tables {
        company: Company { name: "Shop".into(), default_currency: "EUR".into(), ..Company::default() },
        profile: PosProfile {
            name: "Till".into(),
            company: "Shop".into(),
            currency: "EUR".into(),
            customer: "Walk-in".into(),
            warehouse: "Floor".into(),
            selling_price_list: "Retail".into(),
            taxes_and_charges: "Taxes".into(),
            apply_discount_on: "Grand Total".into(),
            ..PosProfile::default()
        },
        currencies: vec![Currency {
            name: "EUR".into(),
            smallest_currency_fraction_value: 0.01,
            ..Currency::default()
        }],
        price_lists: vec![PriceList { name: "Retail".into(), currency: "EUR".into() }],
        item_groups,
        customer_groups: vec![CustomerGroup { name: "Individual".into(), ..CustomerGroup::default() }],
        uoms: vec![Uom { name: "Nos".into(), must_be_whole_number: true }],
        item_tax_templates: vec![ItemTaxTemplate {
            name: "Reduced".into(),
            taxes: vec![holdfast_engine::masters::AccountRate { account: "Tax 0".into(), rate: 7.0 }],
        }],
        taxes_templates: vec![TaxesTemplate { name: "Taxes".into(), taxes: taxes() }],
        pricing_rules: (0..rules).map(rule).collect(),
        modes_of_payment: vec![ModeOfPayment { name: "Cash".into(), kind: "Cash".into(), account: "Cash".into() }],
        ..Tables::default()
    };
    let customer = Customer { name: "Walk-in".into(), customer_group: "Individual".into(), ..Customer::default() };
    Shop::new("bench", tables, (0..ITEMS).map(item).collect(), vec![customer])
}

/// Two taxes in the price, three on top, each kind but Actual.
fn taxes() -> Vec<TaxRow> {
    let kinds = [
        (ChargeType::OnNetTotal, None, 19.0, true),
        (ChargeType::OnPreviousRowAmount, Some(1), 5.5, true),
        (ChargeType::OnNetTotal, None, 2.0, false),
        (ChargeType::OnPreviousRowTotal, Some(3), 1.0, false),
        (ChargeType::OnItemQuantity, None, 0.05, false),
    ];
    let row =
        |(at, (charge_type, row_id, rate, included_in_print_rate)): (usize, (ChargeType, Option<u16>, f64, bool))| {
            TaxRow {
                charge_type,
                row_id,
                account_head: format!("Tax {at}"),
                description: format!("Tax {at}"),
                rate,
                included_in_print_rate,
                ..TaxRow::default()
            }
        };
    kinds.into_iter().enumerate().map(row).collect()
}

fn rule(number: usize) -> PricingRule {
    let (apply_on, value) = match number % 4 {
        0 | 1 => (ApplyOn::ItemCode, format!("ITEM-{:05}", number * 7 % ITEMS)),
        2 => (ApplyOn::ItemGroup, format!("Group {}", number % GROUPS)),
        _ => (ApplyOn::Brand, format!("Brand {}", number % BRANDS)),
    };
    PricingRule {
        name: format!("PRLE-{number:04}"),
        title: format!("Rule {number}"),
        apply_on,
        targets: vec![RuleTarget { value, uom: String::new() }],
        has_priority: true,
        priority: (number % 20 + 1) as u8,
        apply_multiple_pricing_rules: true,
        mixed_conditions: number % 10 == 2,
        condition: if number % 16 == 3 { "customer_group == 'Individual'".into() } else { String::new() },
        currency: "EUR".into(),
        min_qty: (number % 3) as f64,
        effect: match number % 9 {
            0..4 => RuleEffect::DiscountPercentage(5.0),
            4 | 5 => RuleEffect::DiscountAmount(0.1),
            6 | 7 => RuleEffect::Rate(1.99),
            _ => RuleEffect::Product(FreeItem { same_item: true, free_qty: 1.0, ..FreeItem::default() }),
        },
        ..PricingRule::default()
    }
}

fn item(number: usize) -> Item {
    Item {
        item_code: format!("ITEM-{number:05}"),
        item_name: format!("An item with a name of some length {number}"),
        item_group: format!("Group {}", number % GROUPS),
        brand: format!("Brand {}", number % BRANDS),
        stock_uom: "Nos".into(),
        uoms: vec![UomConversionDetail { uom: "Box".into(), conversion_factor: 12.0 }],
        taxes: if number.is_multiple_of(3) {
            vec![ItemTax { item_tax_template: "Reduced".into(), ..ItemTax::default() }]
        } else {
            Vec::new()
        },
        prices: vec![ItemPrice {
            price_list: "Retail".into(),
            uom: "Nos".into(),
            price_list_rate: (number % 5_000) as f64 / 100.0 + 0.49,
            ..ItemPrice::default()
        }],
        ..Item::default()
    }
}

/// A cart of so many lines, one item each.
pub(crate) fn cart(lines: usize) -> Cart {
    let line = |at: usize| Line {
        item_code: format!("ITEM-{:05}", at * 7 % ITEMS),
        qty: (at % 4 + 1) as f64,
        ..Line::default()
    };
    Cart {
        lines: (0..lines).map(line).collect(),
        payments: vec![Payment { mode_of_payment: "Cash".into(), amount: 5_000.0, ..Payment::default() }],
        ..Cart::default()
    }
}
