//! How long a cart takes to price. The budgets: 50 lines under 200 rules and 5 taxes within 1 ms, one line within 50 µs.

mod shop;

use criterion::{Criterion, criterion_group, criterion_main};
use holdfast_engine::{Context, Date, Masters, price};
use shop::{cart, shop};
use std::hint::black_box;

fn benches(criterion: &mut Criterion) {
    let context = Context::on(Date::new(2026, 11, 24).expect("a day"));
    let shop = shop(200);
    for (name, lines) in [("price/50 lines, 200 rules, 5 taxes", 50), ("price/1 line", 1)] {
        let cart = cart(lines);
        let priced = price(&cart, &shop, &context);
        assert_eq!(priced.refusal, None, "{name}");
        assert_eq!(shop.tables().pricing_rules.len(), 200);
        criterion.bench_function(name, |bencher| bencher.iter(|| price(black_box(&cart), &shop, &context)));
    }
}

criterion_group!(price_carts, benches);
criterion_main!(price_carts);
