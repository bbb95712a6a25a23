//! What is sold in a day: every kind of sale, return and payment once, and a queue of small ones.

use crate::{
    shop::{self, COUPON, Shop},
    terminal::{Links, Sold, Terminal},
};
use anyhow::Result;
use holdfast_engine::{Cart, Discount, Invoice, Line, Payment, Redemption, returns};
use holdfast_sync::{
    Body,
    body::{CashMoved, CustomerSaved, ModeAmount, Returned},
};

/// Who is made at the counter.
pub(crate) const NEWCOMER: &str = "Newcomer";

/// How something is paid.
#[derive(Clone, Copy, Debug)]
enum Pay {
    /// To the cent, in cash.
    Cash,
    /// With the next larger ten, so that there is change.
    Note,
    /// By card.
    Card,
    /// So much in cash, the rest by card.
    Split(f64),
    /// So much in cash; the rest is owed.
    Part(f64),
}

/// The day at one counter.
pub(crate) struct Day<'a> {
    pub(crate) shop: &'a Shop,
    pub(crate) terminal: &'a mut Terminal,
    pub(crate) sold: Vec<Sold>,
}

impl Day<'_> {
    /// Opens the shift.
    pub(crate) fn open(&mut self) {
        let amount = |mode: &str, amount| ModeAmount { mode_of_payment: self.shop.name(mode), amount };
        self.terminal.open_shift(vec![amount("Cash", 100.0), amount("Card", 0.0)]);
    }

    /// Every kind of sale that a counter with inclusive prices knows.
    pub(crate) fn sell_every_kind(&mut self) -> Result<()> {
        self.sell("one piece, cash", self.cart(&[("BREAD", 1.0)]), Pay::Cash)?;
        self.sell(
            "several lines, weighed, change",
            self.cart(&[("MILK", 2.0), ("APPLE", 0.735), ("CUP", 1.0)]),
            Pay::Note,
        )?;
        self.sell("card", self.cart(&[("MUG", 2.0)]), Pay::Card)?;
        self.sell("cash and card", self.cart(&[("CUP", 3.0)]), Pay::Split(5.0))?;
        let mut boxes = self.cart(&[("CUP", 1.0)]);
        "Box".clone_into(&mut boxes.lines[0].uom);
        self.sell("another unit", boxes, Pay::Card)?;
        let mut discount = self.cart(&[("BOOK", 2.0)]);
        discount.lines[0].discount_percentage = 15.0;
        self.sell("a discount on a line", discount, Pay::Note)?;
        let mut rate = self.cart(&[("MUG", 1.0)]);
        rate.lines[0].rate = Some(7.0);
        self.sell("a price by hand", rate, Pay::Cash)?;
        let mut percent = self.cart(&[("CUP", 2.0), ("BREAD", 3.0)]);
        percent.discount = Some(Discount::Percentage(10.0));
        self.sell("a discount in percent on everything", percent, Pay::Cash)?;
        let mut amount = self.cart(&[("CUP", 2.0), ("MILK", 1.0)]);
        amount.discount = Some(Discount::Amount(1.11));
        self.sell("an amount off everything", amount, Pay::Cash)?;
        self.sell("a service", self.cart(&[("REPAIR", 1.0)]), Pay::Card)?;
        self.sell("a bundle", self.cart(&[("BREAKFAST", 2.0)]), Pay::Cash)?;
        self.sell_deals()?;
        self.sell_tracked()?;
        self.sell_to_customers()?;
        self.take_back()?;
        self.move_cash();
        Ok(())
    }

    fn sell_deals(&mut self) -> Result<()> {
        self.sell("a rule on an item", self.cart(&[("TEA", 3.0)]), Pay::Cash)?;
        self.sell("something free", self.cart(&[("SOAP", 4.0)]), Pay::Cash)?;
        self.sell("a rule from a quantity on", self.cart(&[("MUG", 5.0), ("BREAD", 1.0)]), Pay::Cash)?;
        self.sell("a rule on the whole basket", self.cart(&[("BOOK", 6.0), ("TEA", 1.0)]), Pay::Card)?;
        let mut coupon = self.cart(&[("BOOK", 1.0)]);
        coupon.coupon_code = self.shop.name("Bookworm");
        self.sell(COUPON, coupon, Pay::Cash)
    }

    fn sell_tracked(&mut self) -> Result<()> {
        let mut batch = self.cart(&[("PILL", 3.0)]);
        batch.lines[0].batch_no.clone_from(&shop::batches(self.shop)[0].0);
        self.sell("a batch", batch, Pay::Cash)?;
        let mut serial = self.cart(&[("PHONE", 2.0)]);
        serial.lines[0].serial_nos = shop::serials(self.shop)[..2].to_vec();
        self.sell("serial numbers", serial, Pay::Card)
    }

    fn sell_to_customers(&mut self) -> Result<()> {
        let to = |cart: Cart, who: &str| Cart { customer: self.shop.name(who), ..cart };
        let trade = to(self.cart(&[("TEA", 10.0), ("MUG", 4.0)]), "Trader");
        let member = to(self.cart(&[("BOOK", 3.0)]), "Ada");
        let redeeming = to(self.cart(&[("CUP", 4.0)]), "Ada");
        let owing = to(self.cart(&[("BOOK", 2.0)]), "Ben");
        self.sell("a customer with a price list", trade, Pay::Card)?;
        self.sell("a member earns points", member, Pay::Cash)?;
        // As many as the sale before earned: ERPNext takes points only from entries that belong to an invoice.
        let points = Some(Redemption { points: 20, amount: 0.0 });
        self.sell("a member pays with points", Cart { redemption: points, ..redeeming }, Pay::Cash)?;
        self.sell("a part is owed", owing, Pay::Part(10.0))?;
        self.sell_to_somebody_new()
    }

    /// A customer who is made at the counter and buys at once.
    fn sell_to_somebody_new(&mut self) -> Result<()> {
        let newcomer = CustomerSaved {
            customer_name: self.shop.name(NEWCOMER),
            customer_group: self.shop.name("Customers"),
            territory: self.shop.name("Region"),
            ..CustomerSaved::default()
        };
        let entry = self.terminal.append(Body::CustomerSaved(Box::new(newcomer)));
        let links = Links { customer_entry: Some(entry), ..Links::default() };
        let (cart, payments) = (self.cart(&[("BREAD", 2.0)]), self.payments(Pay::Cash));
        let sold = self.terminal.sell("a customer made at the counter", cart, payments, links)?;
        self.sold.push(sold);
        Ok(())
    }

    fn take_back(&mut self) -> Result<()> {
        let whole = self.find("card");
        self.give_back("a whole return", &whole, returns::full_return(&whole.sale.invoice), Pay::Card)?;
        let some = self.find("a rule from a quantity on");
        self.give_back(
            "a part of a return",
            &some,
            returns::partial_return(&some.sale.invoice, &[(0, 2.0)]),
            Pay::Cash,
        )?;
        let batch = self.find("a batch");
        self.give_back(
            "a batch comes back",
            &batch,
            returns::partial_return(&batch.sale.invoice, &[(0, 1.0)]),
            Pay::Cash,
        )?;
        let serial = self.find("serial numbers");
        let mut back = returns::partial_return(&serial.sale.invoice, &[(0, 1.0)]);
        back.lines[0].serial_nos = shop::serials(self.shop)[1..2].to_vec();
        self.give_back("a serial number comes back", &serial, back, Pay::Card)?;
        let discounted = self.find("a discount in percent on everything");
        let back = returns::full_return(&discounted.sale.invoice);
        self.give_back("a discounted sale comes back", &discounted, back, Pay::Cash)?;
        self.sell("a return without its receipt", self.cart(&[("TEA", -1.0)]), Pay::Cash)
    }

    fn move_cash(&mut self) {
        let mode_of_payment = self.shop.name("Cash");
        let moved = |amount, reason: &str| CashMoved {
            mode_of_payment: mode_of_payment.clone(),
            amount,
            reason: reason.to_owned(),
            account: String::new(),
        };
        let (put, taken) = (moved(20.0, "Change from the bank"), moved(-15.0, "Window cleaner"));
        self.terminal.append(Body::CashMoved(put));
        self.terminal.append(Body::CashMoved(taken));
    }

    /// A queue of small sales with two taxes on top and rounded totals: enough for a closing in the background.
    pub(crate) fn sell_queue(&mut self, count: u32) -> Result<()> {
        let goods = ["BREAD", "MILK", "CUP", "TEA", "SOAP"];
        for number in 0..count {
            let first = goods[number as usize % goods.len()];
            let second = goods[(number as usize + 2) % goods.len()];
            let cart = self.cart(&[(first, f64::from(1 + number % 3)), (second, 1.0)]);
            self.sell("a small sale", cart, if number % 3 == 0 { Pay::Card } else { Pay::Note })?;
        }
        Ok(())
    }

    /// What was sold under this heading.
    fn find(&self, what: &str) -> Sold {
        self.sold.iter().find(|sold| sold.what == what).expect("it was sold before").clone()
    }

    fn cart(&self, lines: &[(&str, f64)]) -> Cart {
        let line = |(code, qty): &(&str, f64)| Line { item_code: self.shop.code(code), qty: *qty, ..Line::default() };
        Cart { lines: lines.iter().map(line).collect(), ..Cart::default() }
    }

    fn sell(&mut self, what: &'static str, cart: Cart, pay: Pay) -> Result<()> {
        let payments = self.payments(pay);
        let sold = self.terminal.sell(what, cart, payments, Links::default())?;
        self.sold.push(sold);
        Ok(())
    }

    fn give_back(&mut self, what: &'static str, original: &Sold, cart: Cart, pay: Pay) -> Result<()> {
        let returned = Returned {
            receipt_number: original.sale.receipt_number.clone(),
            entry: Some(original.entry),
            document: String::new(),
        };
        let payments = self.payments(pay);
        let sold = self.terminal.sell(what, cart, payments, Links { returned: Some(returned), ..Links::default() })?;
        self.sold.push(sold);
        Ok(())
    }

    fn payments(&self, pay: Pay) -> impl FnOnce(&Invoice) -> Vec<Payment> + use<> {
        let payment = |mode: &str| Payment { mode_of_payment: self.shop.name(mode), ..Payment::default() };
        let (cash, card) = (payment("Cash"), payment("Card"));
        let of = |payment: &Payment, amount: f64| Payment { amount: cents(amount), ..payment.clone() };
        move |invoice| {
            let due = invoice.payable() - invoice.loyalty_amount;
            match pay {
                Pay::Cash => vec![of(&cash, due)],
                Pay::Note => vec![of(&cash, (due / 10.0).ceil() * 10.0)],
                Pay::Card => vec![of(&card, due)],
                Pay::Split(part) => vec![of(&cash, part), of(&card, due - part)],
                Pay::Part(part) => vec![of(&cash, part)],
            }
        }
    }
}

/// An amount without binary noise.
pub(crate) fn cents(amount: f64) -> f64 {
    (amount * 1e6).round() / 1e6
}
