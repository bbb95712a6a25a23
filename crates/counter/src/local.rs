//! The catalogue as this counter knows it better: with the customers that were made here, and without the coupons and points that
//! were used here and that the hub does not know of yet.

use crate::{Book, people::People};
use holdfast_engine::{
    Masters, RuleIndex, Tables,
    masters::{CodeHit, CouponCode, Customer, Item, Sold, SoldQuery},
};
use holdfast_sync::Seq;
use std::borrow::Cow;

/// Masters with this counter's own news.
#[derive(Clone, Copy, Debug)]
pub struct Local<'a, M> {
    /// What came from the hub.
    pub masters: &'a M,
    /// What happened here.
    pub book: &'a Book,
    /// Up to where the hub knows it.
    pub acknowledged: Seq,
}

impl<M: Masters> Local<'_, M> {
    fn people(&self) -> &People {
        &self.book.people
    }

    /// The sales that the hub does not know of.
    fn waiting(&self) -> impl Iterator<Item = &holdfast_engine::Invoice> {
        let first = self.book.sales.partition_point(|booked| booked.seq <= self.acknowledged);
        self.book.sales[first..].iter().map(|booked| &booked.sale.invoice)
    }
}

impl<M: Masters> Masters for Local<'_, M> {
    fn tables(&self) -> &Tables {
        self.masters.tables()
    }

    fn item(&self, item_code: &str) -> Option<Cow<'_, Item>> {
        self.masters.item(item_code)
    }

    fn customer(&self, name: &str) -> Option<Cow<'_, Customer>> {
        let known = self.masters.customer(name);
        let mut customer = match self.people().get(name) {
            Some(person) => Cow::Owned(person.customer(known.as_deref())),
            None => known?,
        };
        let spent: i64 = self.waiting().filter(|sale| sale.customer == name).map(|sale| sale.loyalty_points).sum();
        if spent != 0 {
            customer.to_mut().loyalty_points -= spent;
        }
        Some(customer)
    }

    fn code(&self, code: &str) -> Option<CodeHit> {
        self.masters.code(code)
    }

    fn coupon(&self, name: &str) -> Option<Cow<'_, CouponCode>> {
        let mut coupon = self.masters.coupon(name)?;
        let used = self.waiting().filter(|sale| sale.coupon_code == name && !sale.is_return).count();
        if used > 0 {
            coupon.to_mut().used += u32::try_from(used).unwrap_or(u32::MAX);
        }
        Some(coupon)
    }

    fn coupon_of_rule(&self, pricing_rule: &str) -> Option<Cow<'_, str>> {
        self.masters.coupon_of_rule(pricing_rule)
    }

    fn sold(&self, query: &SoldQuery<'_>) -> Sold {
        self.masters.sold(query)
    }

    fn rule_index(&self) -> Option<&RuleIndex> {
        self.masters.rule_index()
    }
}
