//! Returns: what comes back is what was paid.

use crate::shop::{cart, cash, line, one_free_for, priced, rule, shop_with, today};
use holdfast_engine::{
    Cart, Context, Discount, Refusal,
    masters::{ApplyOn, RuleEffect},
    price,
    returns::{full_return, partial_return},
};

#[test]
fn a_full_return_gives_back_every_cent_though_the_rules_have_changed() {
    let rules = vec![
        rule("Off", ApplyOn::ItemCode, "green", RuleEffect::DiscountPercentage(33.333)),
        rule("Free", ApplyOn::ItemCode, "black", one_free_for(2.0)),
    ];
    let sold = priced(
        &shop_with(rules),
        &Cart {
            discount: Some(Discount::Percentage(7.5)),
            ..cart(vec![line("green", 3.0), line("black", 2.0), line("apple", 7.0)])
        },
    )
    .invoice;

    let back = priced(&shop_with(Vec::new()), &full_return(&sold)).invoice;

    assert_eq!(back.items.len(), 4);
    assert!(back.is_return);
    assert_eq!(back.grand_total, -sold.grand_total);
    assert_eq!(back.net_total, -sold.net_total);
    for (back, sold) in back.items.iter().zip(&sold.items) {
        assert_eq!((back.rate, back.net_amount), (sold.rate, -sold.net_amount));
    }
}

#[test]
fn a_row_that_was_free_of_charge_comes_back_free_of_charge() {
    let rules = vec![rule("Gift", ApplyOn::ItemCode, "green", RuleEffect::DiscountPercentage(100.0))];
    let sold = priced(&shop_with(rules), &cart(vec![line("green", 1.0), line("black", 1.0)])).invoice;
    assert_eq!(sold.items[0].rate, 0.0);

    let back = priced(&shop_with(Vec::new()), &full_return(&sold)).invoice;

    assert_eq!(back.grand_total, -sold.grand_total);
}

#[test]
fn a_part_comes_back_with_its_part_of_the_discount() {
    let shop = shop_with(Vec::new());
    let sold = priced(
        &shop,
        &Cart { discount: Some(Discount::Amount(4.0)), ..cart(vec![line("green", 2.0), line("black", 5.0)]) },
    )
    .invoice;

    let back = priced(&shop, &partial_return(&sold, &[(0, 1.0)])).invoice;

    assert_eq!(back.items.len(), 1);
    assert_eq!(back.items[0].returned_row, Some(0));
    // A quarter of 40 came back: a quarter of the discount.
    assert_eq!(back.discount_amount, -1.0);
    assert_eq!(back.grand_total, -10.0);
}

#[test]
fn no_more_comes_back_than_was_sold_and_nothing_goes_out() {
    let shop = shop_with(Vec::new());
    let sold = priced(&shop, &cart(vec![line("green", 2.0)])).invoice;
    let refused = |cart: &Cart| price(cart, &shop, &Context::on(today())).refusal;

    let too_many = refused(&partial_return(&sold, &[(0, 3.0)]));
    let mut outward = full_return(&sold);
    outward.lines[0].qty = 1.0;

    assert_eq!(too_many, Some(Refusal::OverReturn { row: 1, max: 2.0, item_code: "green".into() }));
    assert_eq!(refused(&outward), Some(Refusal::PositiveInReturn { row: 1, item_code: "green".into() }));
    let paid_in = Cart { payments: vec![cash(1.0)], ..full_return(&sold) };
    assert_eq!(refused(&paid_in), Some(Refusal::PaymentSign { row: 1, is_return: true }));
}

#[test]
fn a_return_without_a_sale_takes_todays_prices() {
    let back = priced(&shop_with(Vec::new()), &cart(vec![line("green", -1.0)])).invoice;

    assert!(back.is_return);
    assert_eq!(back.grand_total, -11.0);
}
