//! A whole shop in memory: what the hub compiles catalogues from, and the plainest [`Masters`].

use crate::masters::{Customer, Item, Masters, PosProfile, Tables};
use std::{borrow::Cow, collections::HashMap};

/// All masters of a company, with the profiles that sell them.
#[derive(Clone, Debug, Default)]
pub struct Shop {
    /// What it is called.
    pub name: String,
    /// The tables, with the profile of the day in `tables.profile`.
    pub tables: Tables,
    /// Every POS Profile.
    pub profiles: Vec<PosProfile>,
    items: Vec<Item>,
    item_index: HashMap<String, usize>,
    customers: Vec<Customer>,
    customer_index: HashMap<String, usize>,
}

impl Shop {
    /// A shop with these items and customers; of two with one key the later counts.
    pub fn new(name: &str, tables: Tables, items: Vec<Item>, customers: Vec<Customer>) -> Self {
        let item_index = items.iter().enumerate().map(|(at, item)| (item.item_code.clone(), at)).collect();
        let customer_index = customers.iter().enumerate().map(|(at, c)| (c.name.clone(), at)).collect();
        let profiles = vec![tables.profile.clone()];
        Self { name: name.to_owned(), tables, profiles, items, item_index, customers, customer_index }
    }

    /// The same shop seen through another of its profiles; `None` if it has no such profile.
    pub fn tables_for(&self, pos_profile: &str) -> Option<Tables> {
        let profile = self.profiles.iter().find(|profile| profile.name == pos_profile)?;
        Some(Tables { profile: profile.clone(), ..self.tables.clone() })
    }

    /// Every item.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Every customer.
    pub fn customers(&self) -> &[Customer] {
        &self.customers
    }
}

impl Masters for Shop {
    fn tables(&self) -> &Tables {
        &self.tables
    }

    fn item(&self, item_code: &str) -> Option<Cow<'_, Item>> {
        self.item_index.get(item_code).map(|at| Cow::Borrowed(&self.items[*at]))
    }

    fn customer(&self, name: &str) -> Option<Cow<'_, Customer>> {
        self.customer_index.get(name).map(|at| Cow::Borrowed(&self.customers[*at]))
    }
}
