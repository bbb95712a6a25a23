//! What the browser tests ask the engine, compiled as the app is.

// The very shop and cart that the native benchmark prices.
#[path = "../../../crates/engine/benches/price/shop.rs"]
mod shop;

use holdfast_engine::{Cart, Context, Date, Shop, price};
use wasm_bindgen::prelude::*;

/// The digest of a file of oracle cases ([`holdfast_oracle::digest`]).
#[wasm_bindgen]
pub fn digest(cases: &str, shop: &str, precisions: &str) -> Result<String, JsError> {
    holdfast_oracle::digest(cases, shop, precisions).map_err(|error| JsError::new(&error.to_string()))
}

/// A cart to price again and again under 200 rules and 5 taxes.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Benchmark {
    shop: Shop,
    cart: Cart,
    context: Context,
}

#[wasm_bindgen]
impl Benchmark {
    /// A cart of so many lines.
    #[wasm_bindgen(constructor)]
    pub fn new(lines: usize) -> Self {
        let day = Date::new(2026, 11, 24).expect("a day");
        Self { shop: shop::shop(200), cart: shop::cart(lines), context: Context::on(day) }
    }

    /// Prices it so many times. Gives the lines priced, so that nothing can be left out.
    pub fn run(&self, times: usize) -> usize {
        (0..times).map(|_| price(&self.cart, &self.shop, &self.context).invoice.items.len()).sum()
    }
}
