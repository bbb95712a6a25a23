//! Customers that were made or changed at this counter, before ERPNext knows of it.

use holdfast_engine::masters::{Customer, Place};
use holdfast_sync::{EntryRef, body::CustomerSaved};

/// The customers that the journal tells of, as they were saved last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct People {
    saved: Vec<Person>,
}

/// A customer that was saved here.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// What carts call the customer: ERPNext's name, or that of the entry that made it.
    pub key: String,
    /// The entry that said so last.
    pub entry: EntryRef,
    /// The entry that made the customer, where ERPNext does not know it yet.
    pub made_by: Option<EntryRef>,
    /// What was entered.
    pub saved: CustomerSaved,
}

/// What carts call a customer whom only an entry knows.
pub fn key(entry: EntryRef) -> String {
    format!("new:{}:{}", entry.terminal, entry.seq)
}

impl People {
    /// Takes a committed entry in.
    pub fn take(&mut self, entry: EntryRef, saved: &CustomerSaved) {
        let earlier = self.saved.iter().position(|person| match saved.replaces {
            Some(replaces) => person.entry == replaces || person.made_by == Some(replaces),
            None => !saved.customer.is_empty() && person.key == saved.customer,
        });
        let made_by = match earlier {
            Some(at) => self.saved.remove(at).made_by,
            None => saved.customer.is_empty().then_some(entry),
        };
        let key = made_by.map_or_else(|| saved.customer.clone(), key);
        self.saved.push(Person { key, entry, made_by, saved: saved.clone() });
    }

    /// What was saved of a customer.
    pub fn get(&self, key: &str) -> Option<&Person> {
        self.saved.iter().find(|person| person.key == key)
    }

    /// Everybody that was saved here, oldest first.
    pub fn all(&self) -> &[Person] {
        &self.saved
    }
}

impl Person {
    /// The customer as the engine knows one: what was known before with what was entered over it.
    pub fn customer(&self, known: Option<&Customer>) -> Customer {
        let saved = &self.saved;
        let known = known.cloned().unwrap_or_default();
        let place = Place {
            city: saved.city.clone(),
            zipcode: saved.pincode.clone(),
            country: saved.country.clone(),
            ..Place::default()
        };
        let has_place = place != Place::default();
        Customer {
            name: self.key.clone(),
            customer_name: saved.customer_name.clone(),
            customer_group: or(&saved.customer_group, known.customer_group),
            territory: or(&saved.territory, known.territory),
            mobile_no: saved.mobile_no.clone(),
            billing: if has_place { Some(place) } else { known.billing },
            ..known
        }
    }
}

fn or(entered: &str, known: String) -> String {
    if entered.is_empty() { known } else { entered.to_owned() }
}

/// What is wrong with an entered customer, in a sentence; `None` if nothing is.
pub fn complaint(saved: &CustomerSaved) -> Option<&'static str> {
    let phone = saved.mobile_no.trim();
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    if saved.customer_name.trim().is_empty() {
        Some("A customer needs a name.")
    } else if !phone.is_empty() && (digits < 5 || phone.chars().any(char::is_alphabetic)) {
        Some("That is no phone number. Correct it or leave it empty.")
    } else if !saved.email_id.trim().is_empty() && !is_email(saved.email_id.trim()) {
        Some("That is no e-mail address. Correct it or leave it empty.")
    } else {
        None
    }
}

fn is_email(text: &str) -> bool {
    let (name, domain) = text.split_once('@').unwrap_or_default();
    !name.is_empty() && domain.contains('.') && !text.contains(char::is_whitespace) && !domain.contains('@')
}

/// Finds customers by name, phone or key, in the order given; `fold` makes texts comparable. At most `limit`.
pub fn search(
    customers: impl Iterator<Item = Customer>,
    query: &str,
    limit: usize,
    fold: impl Fn(&str) -> String,
) -> Vec<Customer> {
    let wanted = fold(query);
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let digits = digits(query);
    let is_phone = digits.len() >= 3 && query.chars().all(|c| !c.is_alphabetic());
    customers
        .filter(|customer| {
            if is_phone {
                return self::digits(&customer.mobile_no).contains(digits.trim_start_matches('0'));
            }
            let text = fold(&format!("{} {}", customer.customer_name, customer.name));
            words.iter().all(|word| text.contains(word))
        })
        .take(limit)
        .collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
