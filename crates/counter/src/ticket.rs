//! What a basket costs and how it is paid: a sale, a return, or both at once.
//!
//! ERPNext books what is sold and what is given back as two documents. An exchange is therefore two invoices on one ticket; the value
//! of what comes back pays for the new goods by a mode that moves the same amount out of one and into the other, so that every
//! mode ends up with exactly what was handed over.

use crate::{Basket, book::cents};
use holdfast_engine::{Context, Masters, Payment, Priced, Refusal, Tables, price};

/// A basket, priced.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ticket {
    /// What is sold; `None` where goods are only given back.
    pub sale: Option<Priced>,
    /// What is given back.
    pub back: Option<Priced>,
}

/// Why a ticket cannot be settled like this.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SettleError {
    /// ERPNext would not take one of the documents.
    #[error("{0}")]
    Refused(Refusal),
    /// So much is still to be paid.
    #[error("{0} is missing")]
    Missing(f64),
    /// So much more was paid out than is given back.
    #[error("{0} was paid out too much")]
    TooMuch(f64),
}

impl Ticket {
    /// Prices a basket before anybody pays.
    pub fn of(basket: &Basket, masters: &impl Masters, context: &Context) -> Self {
        Self::paid(basket, masters, *context, &[], &[])
    }

    fn paid(basket: &Basket, masters: &impl Masters, context: Context, sale: &[Payment], back: &[Payment]) -> Self {
        let back = basket.to_return_cart(back).map(|cart| price(&cart, masters, &context));
        let is_sale = !basket.lines.is_empty() || back.is_none();
        Self { sale: is_sale.then(|| price(&basket.to_cart(sale), masters, &context)), back }
    }

    /// Why it cannot be sold or taken back.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.parts().find_map(|priced| priced.refusal.as_ref())
    }

    /// What the customer has to pay; below zero what is paid out.
    pub fn due(&self) -> f64 {
        cents(self.parts().map(|priced| priced.invoice.outstanding_amount).sum())
    }

    /// What is sold and what is given back.
    pub fn parts(&self) -> impl Iterator<Item = &Priced> {
        self.back.iter().chain(&self.sale)
    }

    /// Pays a basket with what was handed over: amounts above zero came in, those below zero went out. `is_credit` lets
    /// a sale stay open in part.
    pub fn settle(
        basket: &Basket,
        masters: &impl Masters,
        context: &Context,
        given: &[Payment],
        is_credit: bool,
    ) -> Result<Self, SettleError> {
        let unpaid = Self::of(basket, masters, context);
        if let Some(refusal) = unpaid.refusal() {
            return Err(SettleError::Refused(refusal.clone()));
        }
        let (sale, back) = unpaid.share(given, masters.tables());
        let paid = Self::paid(basket, masters, *context, &sale, &back);
        if let Some(refusal) = paid.refusal() {
            return Err(SettleError::Refused(refusal.clone()));
        }
        let open = |priced: &Option<Priced>| priced.as_ref().map_or(0.0, |priced| priced.invoice.outstanding_amount);
        let (sale_open, back_open) = (open(&paid.sale), open(&paid.back));
        if sale_open > 0.0 && !is_credit {
            return Err(SettleError::Missing(sale_open));
        }
        // What a return leaves open is below zero: money that was not paid out yet.
        match back_open {
            open if open < 0.0 => Err(SettleError::Missing(-open)),
            open if open > 0.0 => Err(SettleError::TooMuch(open)),
            _ => Ok(paid),
        }
    }

    /// Who of the two documents gets which payments.
    fn share(&self, given: &[Payment], tables: &Tables) -> (Vec<Payment>, Vec<Payment>) {
        let open = |priced: &Priced| priced.invoice.outstanding_amount;
        let (mut sale, mut back) = match (&self.sale, &self.back) {
            (Some(sale), Some(back)) => {
                let across = open(sale).min(-open(back));
                let mode = bridge(tables);
                let pay = |amount: f64| Payment { mode_of_payment: mode.clone(), amount, ..Payment::default() };
                let (came_in, went_out): (Vec<_>, Vec<_>) = given.iter().cloned().partition(|row| row.amount > 0.0);
                (with(came_in, pay(across)), with(went_out, pay(-across)))
            }
            (None, _) => (Vec::new(), given.to_vec()),
            (Some(_), None) => (given.to_vec(), Vec::new()),
        };
        // A document without any payment is refused, also where there is nothing to pay.
        for (payments, is_there) in [(&mut sale, self.sale.is_some()), (&mut back, self.back.is_some())] {
            if is_there && payments.is_empty() {
                payments.push(Payment { mode_of_payment: default_mode(tables), ..Payment::default() });
            }
        }
        (sale, back)
    }
}

/// Adds a payment to those by the same mode.
fn with(mut payments: Vec<Payment>, payment: Payment) -> Vec<Payment> {
    let same = payments
        .iter_mut()
        .find(|row| row.mode_of_payment == payment.mode_of_payment && row.reference_no == payment.reference_no);
    match same {
        _ if payment.amount == 0.0 => {}
        Some(row) => row.amount = cents(row.amount + payment.amount),
        None => payments.push(payment),
    }
    payments
}

/// The mode that carries the value of returned goods over: cash, or whatever there is.
fn bridge(tables: &Tables) -> String {
    let is_cash = |name: &str| tables.modes_of_payment.iter().any(|mode| mode.name == name && mode.kind == "Cash");
    let modes = &tables.profile.payments;
    let mode = modes.iter().find(|row| is_cash(&row.mode_of_payment)).or(modes.first());
    mode.map(|row| row.mode_of_payment.clone()).unwrap_or_default()
}

fn default_mode(tables: &Tables) -> String {
    let modes = &tables.profile.payments;
    let mode = modes.iter().find(|row| row.default).or(modes.first());
    mode.map(|row| row.mode_of_payment.clone()).unwrap_or_default()
}
