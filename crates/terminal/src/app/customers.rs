//! Customers: found, made and changed at the counter.

use super::App;
use holdfast_catalogue::fold;
use holdfast_counter::people;
use holdfast_engine::{Masters, loyalty, masters::Customer};
use holdfast_sync::{Body, body::CustomerSaved};
use leptos::prelude::*;
use std::rc::Rc;

/// Most customers that a search shows.
const FOUND_MAX: usize = 40;

impl App {
    /// A customer as this counter knows it.
    pub(crate) fn customer(&self, name: &str) -> Option<Customer> {
        self.with_masters(|masters| masters.customer(name).map(std::borrow::Cow::into_owned)).flatten()
    }

    /// Finds customers by name, phone or key: those that were saved here first.
    pub(crate) fn find_customers(&self, query: &str) -> Vec<Customer> {
        let found = self.with_masters(|masters| {
            let people = &masters.book.people;
            let here = people
                .all()
                .iter()
                .rev()
                .map(|person| person.customer(masters.masters.customer(&person.key).as_deref()));
            let known = masters.masters.customers().iter().filter(|known| people.get(&known.name).is_none());
            people::search(here.chain(known.cloned()), query, FOUND_MAX, fold)
        });
        found.unwrap_or_default()
    }

    /// How many points a customer can pay a total with, and what they are worth; none where there are none.
    pub(crate) fn usable_points(&self, name: &str, total: f64) -> Option<(i64, f64)> {
        let customer = self.customer(name)?;
        let catalogue = self.catalogue()?;
        let mut programs = catalogue.tables().loyalty_programs.iter();
        let program = programs.find(|program| program.name == customer.loyalty_program)?;
        let points = loyalty::redeemable_points(customer.loyalty_points, total, program);
        (points > 0).then(|| (points, loyalty::worth(points, program)))
    }

    /// What is known of a customer as a form shows it; an empty form for a new one.
    pub(crate) fn customer_form(&self, key: Option<String>) -> CustomerSaved {
        let Some(key) = key else { return CustomerSaved::default() };
        let saved = self.ui.book.with_untracked(|book| book.people.get(&key).cloned());
        if let Some(person) = saved {
            let replaces = person.made_by.map(|_| person.entry);
            return CustomerSaved { replaces, ..person.saved };
        }
        let known = self.customer(&key).unwrap_or_default();
        let place = known.billing.unwrap_or_default();
        CustomerSaved {
            customer: known.name,
            customer_name: known.customer_name,
            customer_group: known.customer_group,
            territory: known.territory,
            mobile_no: known.mobile_no,
            city: place.city,
            pincode: place.zipcode,
            country: place.country,
            ..CustomerSaved::default()
        }
    }

    /// Saves a customer and puts it into the cart.
    pub(crate) async fn save_customer(self: &Rc<Self>, saved: CustomerSaved) {
        if self.note(Body::CustomerSaved(Box::new(saved))).await {
            let key = self.ui.book.with_untracked(|book| book.people.all().last().map(|person| person.key.clone()));
            self.change_basket(|basket| basket.set_customer(&key.unwrap_or_default()));
        }
    }
}
