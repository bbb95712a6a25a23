//! Properties of every sale: money is conserved, the same cart has the same price, and what is given back was paid.

use crate::shop::{cart, cash, customers, item, line, one_free_for, rule, tables, today};
use holdfast_engine::{
    Cart, Context, Discount, Invoice, Line, Shop, Tables, calculate_taxes_and_totals,
    masters::{ApplyOn, ChargeType, Item, PricingRule, RuleEffect, TaxRow, TaxesTemplate},
    price,
    returns::{full_return, partial_return},
    rounding::RoundingMethod,
};
use proptest::prelude::*;

const ITEMS: usize = 8;

/// Prices of every kind of last digit, in whole cents.
fn goods(prices: &[u32]) -> Vec<Item> {
    let groups = ["Tea", "Juice", "All"];
    let good = |(at, cents): (usize, &u32)| {
        let brand = if at % 2 == 0 { "Hill" } else { "" };
        let mut good = item(&format!("item {at}"), groups[at % 3], brand, f64::from(*cents) / 100.0);
        good.stock_uom = "Kg".into();
        good.prices[0].uom = "Kg".into();
        good
    };
    prices.iter().enumerate().map(good).collect()
}

fn tax_rows() -> impl Strategy<Value = Vec<TaxRow>> {
    let rates = prop::sample::select(vec![0.0, 5.0, 6.25, 7.0, 8.875, 10.0, 19.0, 21.0]);
    let row = (0..4_u8, rates, any::<bool>(), 0..2_000_u32);
    prop::collection::vec(row, 0..4).prop_map(|rows| {
        let are_included = rows.first().is_some_and(|(_, _, is_included, _)| *is_included);
        let row = |(at, (kind, rate, _, cents)): (usize, (u8, f64, bool, u32))| {
            let refers = at > 0;
            let charge_type = match kind {
                1 if refers => ChargeType::OnPreviousRowAmount,
                2 if refers => ChargeType::OnPreviousRowTotal,
                3 if !are_included => ChargeType::Actual,
                _ => ChargeType::OnNetTotal,
            };
            let points_back = matches!(charge_type, ChargeType::OnPreviousRowAmount | ChargeType::OnPreviousRowTotal);
            TaxRow {
                charge_type,
                row_id: points_back.then_some(at as u16),
                account_head: format!("Tax {at}"),
                rate,
                tax_amount: f64::from(cents) / 100.0,
                included_in_print_rate: are_included,
                ..TaxRow::default()
            }
        };
        rows.into_iter().enumerate().map(row).collect()
    })
}

fn pricing_rules() -> impl Strategy<Value = Vec<PricingRule>> {
    let effect = prop_oneof![
        (1..60_u32).prop_map(|percent| RuleEffect::DiscountPercentage(f64::from(percent) * 1.25)),
        (1..500_u32).prop_map(|cents| RuleEffect::Rate(f64::from(cents) / 100.0)),
        (1..4_u32).prop_map(|count| one_free_for(f64::from(count))),
    ];
    let one = (0..ITEMS, effect, 0..4_u32, any::<bool>());
    prop::collection::vec(one, 0..4).prop_map(|rules| {
        let rule = |(number, (at, effect, min_qty, is_for_group)): (usize, (usize, RuleEffect, u32, bool))| {
            let (apply_on, target) = if is_for_group {
                (ApplyOn::ItemGroup, "Food".into())
            } else {
                (ApplyOn::ItemCode, format!("item {at}"))
            };
            PricingRule {
                min_qty: f64::from(min_qty),
                has_priority: true,
                priority: number as u8 + 1,
                ..rule(&format!("R{number}"), apply_on, &target, effect)
            }
        };
        rules.into_iter().enumerate().map(rule).collect()
    })
}

prop_compose! {
    fn shops()(
        prices in prop::collection::vec(1..20_000_u32, ITEMS),
        taxes in tax_rows(),
        rules in pricing_rules(),
        is_commercial in any::<bool>(),
        is_rounding_off in any::<bool>(),
    ) -> Shop {
        let mut tables = Tables {
            taxes_templates: vec![TaxesTemplate { name: "VAT".into(), taxes }],
            pricing_rules: rules,
            ..tables()
        };
        // The legacy method rounds a sale and its return differently.
        let method = if is_commercial { RoundingMethod::Commercial } else { RoundingMethod::Bankers };
        tables.settings.rounding_method = method;
        tables.settings.disable_rounded_total = is_rounding_off;
        Shop::new("shop", tables, goods(&prices), customers())
    }
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let one = (0..ITEMS, 1..12_000_u32, prop::option::weighted(0.2, 1..100_u32));
    prop::collection::vec(one, 1..7).prop_map(|lines| {
        let line = |(at, grams, percent): (usize, u32, Option<u32>)| Line {
            discount_percentage: percent.map_or(0.0, f64::from),
            ..line(&format!("item {at}"), f64::from(grams) / 1000.0)
        };
        lines.into_iter().map(line).collect()
    })
}

fn carts() -> impl Strategy<Value = Cart> {
    let discount = prop_oneof![
        3 => Just(None),
        1 => (1..500_u32).prop_map(|tenths| Some(Discount::Percentage(f64::from(tenths) / 10.0))),
    ];
    (lines(), discount, prop::option::of(0..100_000_u32)).prop_map(|(lines, discount, cents)| Cart {
        discount,
        payments: cents.map(|cents| cash(f64::from(cents) / 100.0)).into_iter().collect(),
        ..cart(lines)
    })
}

fn sold(shop: &Shop, cart: &Cart) -> Invoice {
    let priced = price(cart, shop, &Context::on(today()));
    assert_eq!(priced.refusal, None);
    priced.invoice
}

fn cents(value: f64) -> i64 {
    (value * 100.0).round() as i64
}

/// Sums of amounts, in cents.
fn sum(values: impl Iterator<Item = f64>) -> i64 {
    values.map(cents).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn money_is_conserved(shop in shops(), cart in carts()) {
        let invoice = sold(&shop, &cart);

        prop_assert_eq!(cents(invoice.total), sum(invoice.items.iter().map(|item| item.amount)));
        prop_assert_eq!(cents(invoice.net_total), sum(invoice.items.iter().map(|item| item.net_amount)));
        let taxes = sum(invoice.taxes.iter().map(|tax| tax.tax_amount_after_discount_amount));
        prop_assert_eq!(cents(invoice.net_total) + taxes, cents(invoice.taxes.last().map_or(invoice.net_total, |tax| tax.total)));
        // A grand total differs from net and taxes by no more than ERPNext's own correction. Fixed charges, and taxes on
        // them, take no part of a discount, and what finds no net amount to be taken from is corrected there as well.
        let has_fixed = invoice.taxes.iter().any(|tax| tax.charge_type == ChargeType::Actual);
        let correction = if has_fixed || invoice.net_total == 0.0 { 5 + cents(invoice.discount_amount) } else { 5 };
        prop_assert!((cents(invoice.grand_total) - cents(invoice.net_total) - taxes).abs() <= correction);
        prop_assert_eq!(cents(invoice.grand_total) + cents(invoice.rounding_adjustment), cents(invoice.payable()));
        let paid = sum(invoice.payments.iter().map(|payment| payment.amount));
        prop_assert_eq!(paid - cents(invoice.change_amount) + cents(invoice.outstanding_amount), cents(invoice.payable()));
    }

    #[test]
    fn the_same_cart_has_the_same_price_to_the_last_bit(shop in shops(), cart in carts()) {
        let first = price(&cart, &shop, &Context::on(today()));

        prop_assert_eq!(&first, &price(&cart, &shop, &Context::on(today())));
        let mut again = first.invoice.clone();
        calculate_taxes_and_totals(&mut again, &shop);
        prop_assert_eq!(again.grand_total, first.invoice.grand_total);
        prop_assert_eq!(again.net_total, first.invoice.net_total);
    }

    #[test]
    fn adding_and_removing_a_line_gives_the_cart_back(shop in shops(), cart in carts(), other in lines()) {
        let before = sold(&shop, &cart);
        let mut changed = cart.clone();
        changed.lines.insert(cart.lines.len() / 2, other[0].clone());
        let _ = sold(&shop, &changed);
        changed.lines.remove(cart.lines.len() / 2);

        prop_assert_eq!(before, sold(&shop, &changed));
    }

    /// Without rules that look at other rows, and without amounts that are spread over rows in their order.
    #[test]
    fn the_order_of_lines_does_not_matter_where_it_does_not_in_erpnext(
        mut shop in shops(),
        lines in lines(),
        by in 0..6_usize,
    ) {
        shop.tables.pricing_rules.clear();
        for tax in &mut shop.tables.taxes_templates[0].taxes {
            if tax.charge_type == ChargeType::Actual {
                tax.charge_type = ChargeType::OnNetTotal;
            }
        }
        let cart = cart(lines);
        let mut turned = cart.clone();
        turned.lines.rotate_left(by % cart.lines.len());
        let (first, second) = (sold(&shop, &cart), sold(&shop, &turned));

        prop_assert_eq!(first.total, second.total);
        prop_assert_eq!(first.net_total, second.net_total);
        // A tax is rounded once, after a sum of doubles in the rows' order.
        prop_assert!((cents(first.grand_total) - cents(second.grand_total)).abs() <= first.taxes.len().cast_signed() as i64);
        let mut rates: Vec<f64> = first.items.iter().map(|item| item.net_amount).collect();
        let mut turned_rates: Vec<f64> = second.items.iter().map(|item| item.net_amount).collect();
        rates.sort_by(f64::total_cmp);
        turned_rates.sort_by(f64::total_cmp);
        prop_assert_eq!(rates, turned_rates);
    }

    #[test]
    fn a_full_return_of_a_sale_sums_to_zero(shop in shops(), cart in carts()) {
        let sale = sold(&shop, &cart);
        let back = sold(&shop, &full_return(&sale));

        prop_assert_eq!(sale.grand_total + back.grand_total, 0.0);
        prop_assert_eq!(sale.base_grand_total + back.base_grand_total, 0.0);
        prop_assert_eq!(sale.net_total + back.net_total, 0.0);
        prop_assert_eq!(sale.total_taxes_and_charges + back.total_taxes_and_charges, 0.0);
        for (tax, back) in sale.taxes.iter().zip(&back.taxes) {
            prop_assert_eq!(tax.tax_amount_after_discount_amount + back.tax_amount_after_discount_amount, 0.0);
        }
    }

    #[test]
    fn a_part_of_a_sale_gives_back_no_more_than_the_sale(shop in shops(), cart in carts(), which in 0..6_usize) {
        let sale = sold(&shop, &cart);
        let row = which % sale.items.len();
        let back = sold(&shop, &partial_return(&sale, &[(row, sale.items[row].qty)]));

        // Rounding may add a cent for each tax and for the discount.
        let most = cents(sale.grand_total) + 2 + sale.taxes.len().cast_signed() as i64;
        prop_assert!(-cents(back.grand_total) <= most, "{} of {}", back.grand_total, sale.grand_total);
    }
}
