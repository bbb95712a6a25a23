//! Makes a believable shop out of nothing, the same one every time.
//!
//! Harbour Street Market sells food, household goods, clothes and a little electronics in euros, over two POS Profiles: the
//! shop floor with taxes included, and a trade counter with wholesale prices before tax. Nothing here reads a clock or draws
//! a random number.

mod masters;
pub mod pictures;
mod products;

use holdfast_engine::Shop;

/// The name of the shop.
pub const SHOP: &str = "Harbour Street Market";

/// The account that may enrol terminals, and its password.
pub const MANAGER: (&str, &str) = ("manager", "holdfast");

/// Somebody who works at the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Employee {
    /// The Employee's key.
    pub name: &'static str,
    /// What the sign-in screen shows.
    pub full_name: &'static str,
    /// `Cashier` or `Supervisor`.
    pub role: &'static str,
    /// The PIN that the README names.
    pub pin: &'static str,
}

/// Who works there.
pub const EMPLOYEES: [Employee; 3] = [
    Employee { name: "HR-EMP-00001", full_name: "Amara Lindqvist", role: "Supervisor", pin: "4071" },
    Employee { name: "HR-EMP-00002", full_name: "Jonas Okoye", role: "Cashier", pin: "5820" },
    Employee { name: "HR-EMP-00003", full_name: "Mei Tanaka", role: "Cashier", pin: "9316" },
];

/// The shop with about 500 items of its own, and as many more as are needed to make `items`.
pub fn shop(items: usize) -> Shop {
    let stock = products::items(items);
    let mut shop = Shop::new(SHOP, masters::tables(), stock, masters::customers());
    shop.profiles = masters::profiles();
    shop
}

/// How many items the shop has when nobody asks for more.
pub fn usual_items() -> usize {
    products::items(0).len()
}

#[cfg(test)]
mod tests {
    use holdfast_engine::{Cart, Context, Date, Line, Masters, Payment, price};
    use std::collections::HashSet;

    #[test]
    fn codes_and_barcodes_are_unique_and_barcodes_check() {
        let shop = super::shop(2_000);
        let codes: HashSet<&str> = shop.items().iter().map(|item| item.item_code.as_str()).collect();
        let barcodes: Vec<&str> =
            shop.items().iter().flat_map(|item| &item.barcodes).map(|row| row.barcode.as_str()).collect();

        assert_eq!(codes.len(), 2_000);
        assert_eq!(barcodes.iter().collect::<HashSet<_>>().len(), barcodes.len());
        for barcode in barcodes {
            let sum: u32 = barcode
                .bytes()
                .zip([1, 3].into_iter().cycle())
                .map(|(digit, weight)| u32::from(digit - b'0') * weight)
                .sum();
            assert_eq!((barcode.len(), sum % 10), (13, 0), "{barcode}");
        }
    }

    #[test]
    fn about_five_hundred_items_each_with_a_picture_that_exists() {
        let shop = super::shop(0);
        let pictures = super::pictures::all();

        assert!((450..650).contains(&shop.items().len()), "{}", shop.items().len());
        for item in shop.items() {
            let hash = item.image.rsplit('/').next().unwrap_or_default();
            assert!(pictures.iter().any(|picture| picture.hash == hash), "{} has no picture", item.item_name);
        }
    }

    #[test]
    fn everything_that_can_be_sold_has_a_price_in_both_profiles() {
        let mut shop = super::shop(0);
        let context = Context::on(Date::new(2026, 11, 24).expect("a day"));
        for profile in shop.profiles.clone() {
            shop.tables.profile = profile;
            for item in shop.items().iter().filter(|item| !item.has_variants) {
                let line = Line { item_code: item.item_code.clone(), qty: 1.0, ..Line::default() };
                let priced = price(&Cart { lines: vec![line], ..Cart::default() }, &shop, &context);
                assert_eq!(priced.refusal, None, "{}", item.item_name);
                assert!(priced.invoice.grand_total > 0.0, "{}", item.item_name);
            }
        }
    }

    #[test]
    fn six_bottles_of_wine_cost_less_and_chocolate_comes_in_threes() {
        let shop = super::shop(0);
        let find = |word: &str| {
            let item = shop.items().iter().find(|item| item.item_name.contains(word)).expect("it is sold");
            item.item_code.clone()
        };
        let context = Context::on(Date::new(2026, 11, 24).expect("a day"));
        let line = |word: &str, qty| Line { item_code: find(word), qty, ..Line::default() };
        let cart = Cart {
            lines: vec![line("Riesling", 6.0), line("Dark Chocolate", 4.0)],
            payments: vec![Payment { mode_of_payment: "Cash".into(), amount: 100.0, ..Payment::default() }],
            ..Cart::default()
        };

        let priced = price(&cart, &shop, &context);

        assert_eq!(priced.refusal, None);
        assert_eq!(priced.invoice.items[0].discount_percentage, 10.0);
        assert_eq!(priced.invoice.items[2].qty, 2.0);
        assert!(priced.invoice.items[2].is_free_item);
        assert!(shop.tables().profile.name == "Harbour Street");
    }
}
