//! Paying, paying out, and the one commit that makes a ticket real.

use super::{App, selling::CARTS};
use crate::{browser, disk::array, ui::Overlay};
use holdfast_counter::{
    Basket, Right, Ticket,
    book::cents,
    sale::{self, Making},
    ticket::SettleError,
    words,
};
use holdfast_engine::{Masters, Payment};
use holdfast_sync::{
    Body, Seq,
    body::{Action, CashMoved},
};
use leptos::prelude::*;
use std::rc::Rc;

impl App {
    /// Begins to pay, if there is something to pay.
    pub(crate) fn begin_payment(self: &Rc<Self>) {
        let refusal = self.ui.ticket.with_untracked(|ticket| ticket.refusal().cloned());
        if self.ui.basket.with_untracked(Basket::is_empty) {
            self.ui.complain(words::EMPTY_CART);
        } else if let Some(refusal) = refusal {
            self.ui.complain(words::refusal(&refusal));
        } else {
            self.ui.notice.set(None);
            self.ui.payments.set(Vec::new());
            self.ui.overlay.set(Some(Overlay::Pay));
        }
    }

    /// What is still to pay; below zero what is still to be paid out.
    pub(crate) fn due(&self) -> f64 {
        let given: f64 = self.ui.payments.with(|payments| payments.iter().map(|payment| payment.amount).sum());
        cents(self.ui.ticket.with(Ticket::due) - given)
    }

    fn is_cash(&self, mode_of_payment: &str) -> bool {
        let Some(catalogue) = self.catalogue() else { return false };
        let mut modes = catalogue.tables().modes_of_payment.iter();
        modes.any(|mode| mode.name == mode_of_payment && mode.kind == "Cash")
    }

    /// Takes a payment, or pays out where goods came back; finishes as soon as nothing is open. The amount is above zero.
    pub(crate) async fn pay(self: &Rc<Self>, mode_of_payment: &str, amount: f64, reference_no: &str) {
        let due = untrack(|| self.due());
        let is_free = due == 0.0 && amount == 0.0;
        if self.ui.busy.get_untracked() || !amount.is_finite() || (amount <= 0.0 && !is_free) {
            return;
        }
        let over = cents(amount - due.abs());
        if over > 0.0 && due < 0.0 {
            return self.ui.complain(words::too_much_out(&self.money(over)));
        }
        if over > 0.0 && !self.is_cash(mode_of_payment) {
            return self.ui.complain(words::too_much(&self.money(over)));
        }
        let amount = if due < 0.0 { -amount } else { amount };
        if !is_free {
            let (mode_of_payment, reference_no) = (mode_of_payment.to_owned(), reference_no.trim().to_owned());
            self.ui.payments.update(|payments| payments.push(Payment { mode_of_payment, amount, reference_no }));
        }
        let left = untrack(|| self.due());
        if (due > 0.0 && left > 0.0) || (due < 0.0 && left < 0.0) {
            return self.ui.tell(words::too_little(&self.money(left.abs())));
        }
        self.finish(false).await;
    }

    /// Finishes with what was paid; `is_credit` lets the customer owe the rest.
    pub(crate) async fn finish(self: &Rc<Self>, is_credit: bool) {
        if self.ui.busy.get_untracked() {
            return;
        }
        self.ui.busy.set(true);
        self.ui.notice.set(None);
        let result = self.commit_ticket(is_credit).await;
        self.ui.busy.set(false);
        if let Err(sentence) = result {
            self.ui.payments.set(Vec::new());
            self.ui.complain(sentence);
        }
    }

    /// Whether the customer in the cart could owe something: somebody who is known, in a shop that gives credit.
    pub(crate) fn may_owe(&self) -> bool {
        let Some(catalogue) = self.catalogue() else { return false };
        let profile = &catalogue.tables().profile;
        let customer = self.ui.basket.with(|basket| basket.customer.clone());
        !self.is_refused(Right::Credit) && !customer.is_empty() && customer != profile.customer
    }

    /// A ticket becomes real here: its entries, the journal's head and the emptied cart in one durable transaction, and only then
    /// a receipt.
    async fn commit_ticket(self: &Rc<Self>, is_credit: bool) -> Result<(), String> {
        let basket = self.ui.basket.get_untracked();
        let given = self.ui.payments.get_untracked();
        let settled = self.with_masters(|masters| Ticket::settle(&basket, masters, &self.context(), &given, is_credit));
        let ticket = settled.ok_or(words::NOT_SAVED)?.map_err(|error| match error {
            SettleError::Refused(refusal) => words::refusal(&refusal),
            SettleError::Missing(missing) => words::too_little(&self.money(missing)),
            SettleError::TooMuch(over) => words::too_much_out(&self.money(over)),
        })?;
        let data = self.data().ok_or(words::NOT_SAVED)?;
        let emptied = self.desk().after_sale();
        let stored = data.encrypt(&emptied.to_bytes()).await.map_err(|_| words::NOT_SAVED)?;
        // The receipt's number is the entry's place, which is certain only when it is this entry's turn.
        let bodies = |app: &Self| app.bodies(ticket, &basket);
        let seqs = self.append(bodies, &[(CARTS, array(&stored))]).await?;
        self.show_desk(emptied);
        self.ui.payments.set(Vec::new());
        self.ui.is_taking_back.set(false);
        self.reprice();
        self.ui.overlay.set(Some(Overlay::Done(seqs)));
        Ok(())
    }

    fn bodies(&self, ticket: Ticket, basket: &Basket) -> Result<Vec<Body>, String> {
        let (seq, posted_local) = {
            let journal = self.journal.borrow();
            let journal = journal.as_ref().ok_or(words::NOT_SAVED)?;
            (journal.head().seq.next(), browser::local_timestamp(journal.time_for(browser::now_ms())))
        };
        let code = self.ui.terminal.with_untracked(|info| info.code.clone());
        let records = self.with_masters(|masters| {
            let people = &masters.book.people;
            let making = Making { tables: masters.tables(), people, code: &code, seq, posted_local: &posted_local };
            let name_of = |customer: &str| {
                masters.customer(customer).map_or_else(|| customer.to_owned(), |known| known.customer_name.clone())
            };
            sale::records(ticket, basket, making, name_of)
        });
        let records = records.ok_or(words::NOT_SAVED)?;
        Ok(records.into_iter().map(|record| Body::Sale(Box::new(record))).collect())
    }

    /// Puts cash in or, below zero, takes it out.
    pub(crate) async fn move_cash(self: &Rc<Self>, mode_of_payment: &str, amount: f64, reason: &str) -> bool {
        let moved = CashMoved {
            mode_of_payment: mode_of_payment.to_owned(),
            amount,
            reason: reason.trim().to_owned(),
            account: String::new(),
        };
        self.note(Body::CashMoved(moved)).await
    }

    /// The receipt of a sale, as HTML.
    pub(crate) fn receipt(&self, seq: Seq, is_copy: bool) -> Option<String> {
        let catalogue = self.catalogue()?;
        let booked = self.ui.book.with_untracked(|book| book.sale(seq).cloned())?;
        let cashier = self.name_of_employee(&booked.employee);
        let receipt = sale::receipt(&booked.sale, catalogue.tables(), &cashier, is_copy);
        Some(holdfast_receipt::html(&receipt, holdfast_receipt::Paper::default()))
    }

    /// Prints a receipt once more, which the journal remembers.
    pub(crate) async fn reprint(self: &Rc<Self>, seq: Seq) {
        let Some(html) = self.receipt(seq, true) else { return };
        browser::print(&html);
        let number =
            self.ui.book.with_untracked(|book| book.sale(seq).map(|booked| booked.sale.receipt_number.clone()));
        self.note(Body::Did(Action::Reprinted { receipt_number: number.unwrap_or_default() })).await;
    }

    /// Remembers that somebody looked at the figures.
    pub(crate) async fn note_report(self: &Rc<Self>) {
        self.note(Body::Did(Action::ReportShown)).await;
    }

    /// What people call an employee.
    pub(crate) fn name_of_employee(&self, employee: &str) -> String {
        self.ui.terminal.with_untracked(|info| {
            let known = info.employees.iter().find(|e| e.employee == employee);
            known.map_or_else(|| employee.to_owned(), |e| e.full_name.clone())
        })
    }
}
