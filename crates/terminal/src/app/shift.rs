//! Opening and closing shifts.

use super::App;
use crate::{crypto, ui::Screen};
use holdfast_engine::Masters;
use holdfast_sync::{
    Body, ShiftId,
    body::{Counted, ModeAmount, ShiftOpened},
};
use leptos::prelude::*;
use std::rc::Rc;

impl App {
    /// Opens a shift with counted cash.
    pub(crate) async fn open_shift(self: &Rc<Self>, cash: f64, counted: Vec<Counted>) {
        let Some(catalogue) = self.catalogue() else {
            return;
        };
        let tables = catalogue.tables();
        let opening = tables
            .profile
            .payments
            .iter()
            .map(|mode| {
                let kind = tables.modes_of_payment.iter().find(|entry| entry.name == mode.mode_of_payment);
                let is_cash = kind.is_some_and(|entry| entry.kind == "Cash");
                ModeAmount { mode_of_payment: mode.mode_of_payment.clone(), amount: if is_cash { cash } else { 0.0 } }
            })
            .collect();
        let opened = ShiftOpened {
            shift: ShiftId(crypto::random()),
            pos_profile: tables.profile.name.clone(),
            company: tables.company.name.clone(),
            currency: tables.profile.currency.clone(),
            opening,
            counted,
        };
        if self.note(Body::ShiftOpened(opened)).await {
            self.ui.notice.set(None);
            self.ui.screen.set(Screen::Sell);
        }
    }

    /// Closes the shift with what was counted, by mode of payment.
    pub(crate) async fn close_shift(self: &Rc<Self>, counted: Vec<ModeAmount>, cash: Vec<Counted>) {
        let closing = self.ui.book.with_untracked(|book| book.closing(counted, cash));
        let Some(closing) = closing else { return };
        if self.note(Body::ShiftClosed(closing)).await {
            self.ui.tell("The shift is closed.");
            self.ui.overlay.set(None);
            self.ui.screen.set(Screen::OpenShift);
        }
    }
}
