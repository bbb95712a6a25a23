//! A counter's everyday: prices, units, customers, currencies, payments, loyalty, batches.

use crate::shop::{cart, cash, customers, item, items, line, priced, shop_with, tables, today};
use holdfast_engine::{
    Cart, Context, Date, Discount, Line, LoyaltyError, Payment, Redemption, Refusal, Shop, Tables,
    masters::{
        Batch, BatchOrder, CurrencyExchange, Customer, Item, ItemPrice, LoyaltyProgram, LoyaltyTier, TaxRow, TaxRule,
        TaxesTemplate,
    },
    price,
};

fn refused(shop: &Shop, cart: &Cart) -> Option<Refusal> {
    price(cart, shop, &Context::on(today())).refusal
}

#[test]
fn a_box_costs_its_pieces_and_only_whole_boxes_are_sold() {
    let shop = shop_with(Vec::new());
    let boxes = |qty| cart(vec![Line { uom: "Box".into(), ..line("green", qty) }]);

    let sold = priced(&shop, &boxes(2.0)).invoice;

    assert_eq!((sold.items[0].rate, sold.items[0].stock_qty), (120.0, 24.0));
    let refusal = refused(&shop, &boxes(1.5));
    assert_eq!(refusal, Some(Refusal::WholeNumber { row: 1, qty: 1.5, uom: "Box".into() }));
    assert_eq!(
        refusal.map(|refusal| refusal.to_string()).unwrap_or_default(),
        "Row 1: Quantity (1.5) cannot be a fraction. To allow this, disable 'Must be Whole Number' in UOM Box."
    );
    assert_eq!(priced(&shop, &cart(vec![line("loose", 0.25)])).invoice.net_total, 5.0);
}

#[test]
fn a_customers_price_list_currency_and_category_come_before_the_profiles() {
    let mut shop = shop_with(Vec::new());
    shop.tables.exchange_rates = vec![CurrencyExchange {
        date: today(),
        from_currency: "SEK".into(),
        to_currency: "EUR".into(),
        exchange_rate: 0.1,
    }];
    let trader = Customer {
        name: "Trader".into(),
        customer_group: "Trade".into(),
        default_price_list: "Trade".into(),
        default_currency: "SEK".into(),
        tax_category: "Export".into(),
        ..Customer::default()
    };
    let mut goods = items();
    let trade = ItemPrice { price_list: "Trade".into(), price_list_rate: 8.0, ..goods[0].prices[0].clone() };
    goods[0].prices.push(trade);
    let shop = Shop::new("shop", shop.tables, goods, vec![trader]);

    let sold = priced(&shop, &Cart { customer: "Trader".into(), ..cart(vec![line("green", 1.0)]) }).invoice;

    assert_eq!(sold.currency, "SEK");
    assert_eq!(sold.tax_category, "Export");
    assert_eq!((sold.items[0].rate, sold.items[0].base_rate), (80.0, 8.0));
}

#[test]
fn without_a_rate_between_currencies_nothing_is_sold() {
    let mut shop = shop_with(Vec::new());
    shop.tables.profile.currency = "CHF".into();

    let refusal = refused(&shop, &cart(vec![line("green", 1.0)]));

    assert_eq!(refusal, Some(Refusal::NoExchangeRate { from: "CHF".into(), to: "EUR".into() }));
}

#[test]
fn a_tax_rule_chooses_the_template_for_a_customer_group() {
    let mut shop = shop_with(Vec::new());
    let row = TaxRow { account_head: "VAT".into(), rate: 0.0, ..TaxRow::default() };
    shop.tables.taxes_templates.push(TaxesTemplate { name: "Export".into(), taxes: vec![row] });
    shop.tables.tax_rules =
        vec![TaxRule { sales_tax_template: "Export".into(), customer_group: "Trade".into(), ..TaxRule::default() }];
    let of = |customer: &str| {
        priced(&shop, &Cart { customer: customer.into(), ..cart(vec![line("green", 1.0)]) }).invoice.grand_total
    };

    assert_eq!(of("Ada"), 11.0);
    assert_eq!(of("Trader"), 10.0);
}

#[test]
fn change_is_given_for_cash_only() {
    let shop = shop_with(Vec::new());
    let pay = |payments| priced(&shop, &Cart { payments, ..cart(vec![line("green", 1.0)]) }).invoice;
    let card = |amount| Payment { mode_of_payment: "Card".into(), amount, ..Payment::default() };

    assert_eq!(pay(vec![cash(20.0)]).change_amount, 9.0);
    assert_eq!(pay(vec![card(20.0)]).change_amount, 0.0);
    assert_eq!(pay(vec![card(5.0)]).outstanding_amount, 6.0);
    assert_eq!(pay(vec![card(5.0), cash(10.0)]).change_amount, 4.0);
    let refusal = refused(&shop, &Cart { payments: vec![cash(-1.0)], ..cart(vec![line("green", 1.0)]) });
    assert_eq!(refusal, Some(Refusal::PaymentSign { row: 1, is_return: false }));
}

fn club() -> Shop {
    let tier =
        |name: &str, min_spent, collection_factor| LoyaltyTier { tier_name: name.into(), min_spent, collection_factor };
    let program = LoyaltyProgram {
        name: "Club".into(),
        from_date: Date::new(2026, 1, 1),
        conversion_factor: 0.05,
        expiry_days: 365,
        tiers: vec![tier("Bronze", 0.0, 10.0), tier("Silver", 100.0, 5.0)],
        ..LoyaltyProgram::default()
    };
    let ada =
        Customer { name: "Ada".into(), loyalty_program: "Club".into(), loyalty_points: 100, ..Customer::default() };
    Shop::new("shop", Tables { loyalty_programs: vec![program], ..tables() }, items(), vec![ada])
}

#[test]
fn points_pay_and_a_sale_collects() {
    let redeem = |points| Cart {
        customer: "Ada".into(),
        redemption: Some(Redemption { points, amount: 0.0 }),
        payments: vec![cash(8.5)],
        ..cart(vec![line("green", 1.0)])
    };
    let shop = club();

    let sold = priced(&shop, &redeem(50));

    assert_eq!(sold.invoice.loyalty_amount, 2.5);
    assert_eq!((sold.invoice.paid_amount, sold.invoice.outstanding_amount), (11.0, 0.0));
    let gain = sold.loyalty.expect("Ada takes part");
    // 11 less what the points paid, which loses its cents.
    assert_eq!((gain.eligible_amount, gain.points, gain.tier_name.as_str()), (9.0, 1, "Silver"));
    assert_eq!(gain.expiry_date, Date::new(2027, 11, 23).expect("a day"));
    assert_eq!(refused(&shop, &redeem(101)), Some(Refusal::Loyalty(LoyaltyError::NotEnough)));
    let walk_in = Cart { customer: "Walk-in".into(), ..redeem(1) };
    assert_eq!(refused(&shop, &walk_in), Some(Refusal::Loyalty(LoyaltyError::NotEnrolled)));
}

#[test]
fn points_worth_more_than_the_sale_are_refused() {
    let cart = Cart {
        customer: "Ada".into(),
        redemption: Some(Redemption { points: 100, amount: 0.0 }),
        ..cart(vec![line("apple", 1.0)])
    };

    assert_eq!(refused(&club(), &cart), Some(Refusal::Loyalty(LoyaltyError::TooMuch)));
}

#[test]
fn a_batch_is_chosen_by_its_day_and_has_its_own_price() {
    let batch = |name: &str, expiry, qty| Batch { batch_no: name.into(), expiry_date: Date::parse(expiry), qty };
    let own = ItemPrice { batch_no: "soon".into(), price_list_rate: 6.0, ..items()[0].prices[0].clone() };
    let mut milk = Item {
        has_batch_no: true,
        batches: vec![
            batch("late", "2027-06-30", 5.0),
            batch("soon", "2026-12-01", 5.0),
            batch("gone", "2026-11-01", 5.0),
        ],
        ..item("milk", "All", "", 10.0)
    };
    milk.prices.push(own);
    let mut tables = tables();
    tables.settings.batch_order = BatchOrder::Expiry;
    let shop = Shop::new("shop", tables, vec![milk], customers());

    let sold = priced(&shop, &cart(vec![line("milk", 5.0), line("milk", 1.0)])).invoice;

    assert_eq!((sold.items[0].batch_no.as_str(), sold.items[0].rate), ("soon", 6.0));
    assert_eq!((sold.items[1].batch_no.as_str(), sold.items[1].rate), ("late", 10.0));
    let expired = cart(vec![Line { batch_no: "gone".into(), ..line("milk", 1.0) }]);
    assert_eq!(refused(&shop, &expired), Some(Refusal::BatchExpired { row: 1, batch_no: "gone".into() }));
}

#[test]
fn what_is_not_sold_is_refused_in_erpnexts_words() {
    let goods = vec![
        Item { disabled: true, ..item("disabled", "All", "", 1.0) },
        Item { end_of_life: Some(today()), ..item("ended", "All", "", 1.0) },
        Item { has_variants: true, ..item("template", "All", "", 1.0) },
        Item { is_not_sold: true, ..item("flour", "All", "", 1.0) },
        Item { max_discount: 20.0, ..item("book", "All", "", 1.0) },
    ];
    let shop = Shop::new("shop", tables(), goods, customers());
    let words = |line: Line| refused(&shop, &cart(vec![line])).map(|refusal| refusal.to_string()).unwrap_or_default();

    assert_eq!(words(line("disabled", 1.0)), "Item disabled is disabled");
    assert_eq!(words(line("ended", 1.0)), "Item ended has reached its end of life on 2026-11-23");
    assert_eq!(words(line("template", 1.0)), "Item template is a template, please select one of its variants");
    assert!(words(line("flour", 1.0)).starts_with("Following item flour is not marked as sales item."));
    let cheap = Line { discount_percentage: 25.0, ..line("book", 1.0) };
    assert_eq!(words(cheap), "Maximum discount for Item book is 20.0%");
    assert_eq!(words(line("green", 1.0)), "Item green is not in the catalogue");
    assert_eq!(words(line("book", 0.0)), "Row #1: Quantity for Item book cannot be zero.");
}

#[test]
fn a_discount_on_the_whole_sale_reaches_every_cent() {
    let shop = shop_with(Vec::new());
    let with = |discount| {
        let lines = vec![line("green", 1.0), line("black", 1.0), line("apple", 1.0)];
        priced(&shop, &Cart { discount: Some(discount), ..cart(lines) }).invoice
    };

    let percent = with(Discount::Percentage(10.0));
    let amount = with(Discount::Amount(5.0));

    assert_eq!((percent.discount_amount, percent.grand_total), (1.87, 16.83));
    assert_eq!((amount.net_total, amount.grand_total), (12.45, 13.7));
}

#[test]
fn a_variant_costs_what_its_template_costs() {
    let template = Item { has_variants: true, ..item("shirt", "All", "", 12.0) };
    let variant = Item { variant_of: "shirt".into(), prices: Vec::new(), ..item("shirt-red", "All", "", 0.0) };
    let shop = Shop::new("shop", tables(), vec![template, variant], customers());

    assert_eq!(priced(&shop, &cart(vec![line("shirt-red", 1.0)])).invoice.items[0].rate, 12.0);
}
