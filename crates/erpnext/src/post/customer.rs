//! Customer: made or changed at a counter.

use super::{
    Job, booked, document,
    once::{End, Once},
    refusal, refused,
};
use crate::{
    conversation::{Conversation, Step},
    heard::{Heard, Trouble},
    json::text,
    request::Request,
};
use holdfast_sync::{
    body::CustomerSaved,
    posting::{Difference, Outcome, RefusalKind},
};
use serde_json::{Value, json};

#[derive(Clone, Debug)]
pub(super) enum CustomerPost {
    /// A new one, which ERPNext names.
    New(Box<Once>),
    /// Somebody who is known: the same change again does no harm.
    Changed { name: String, customer: Box<CustomerSaved>, at: At },
    /// Somebody who should be known, and is not in the books.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    Start,
    Changing,
    ChangingAddress,
}

impl CustomerPost {
    pub(super) fn new(job: &Job, customer: CustomerSaved) -> Self {
        let known = match (customer.customer.as_str(), customer.replaces) {
            ("", None) => None,
            ("", Some(entry)) => match job.needed(entry, &["Customer"]) {
                Some(made) => Some(made.name.clone()),
                None => return Self::Unknown,
            },
            (name, _) => Some(job.renamed("Customer", name).to_owned()),
        };
        if let Some(name) = known {
            return Self::Changed { name, customer: Box::new(customer), at: At::Start };
        }
        // ERPNext makes Contact and Address of these, in the same transaction.
        let mut body = fields(&customer);
        body["customer_type"] = json!("Individual");
        for (field, value) in address(&customer) {
            body[field] = value;
        }
        Self::New(Box::new(Once::new("Customer", job.id().to_string(), body, true, job.is_first)))
    }
}

impl Conversation for CustomerPost {
    type Outcome = Outcome;

    fn next(&mut self, heard: Option<Heard>) -> Step<Outcome> {
        match self {
            Self::New(once) => match once.next(heard) {
                Step::Ask(request) => Step::Ask(request),
                Step::Wait { ms } => Step::Wait { ms },
                Step::Done(end) => Step::Done(made(end)),
            },
            Self::Changed { name, customer, at } => change(name, customer, at, heard),
            Self::Unknown => {
                Step::Done(refused(RefusalKind::Customer, "The customer that was changed is not in ERPNext."))
            }
        }
    }
}

fn made(end: End) -> Outcome {
    match end {
        Ok(customer) => booked("Customer", &text(&customer["name"])),
        Err(outcome) => outcome,
    }
}

fn change(name: &str, customer: &CustomerSaved, at: &mut At, heard: Option<Heard>) -> Step<Outcome> {
    let Some(heard) = heard else {
        *at = At::Changing;
        return Step::Ask(Request::update("Customer", name, fields(customer)));
    };
    let data = match heard.data() {
        Ok(data) => data,
        Err(Trouble::Refused { status: 404, message, .. }) => {
            return Step::Done(refused(RefusalKind::Customer, message));
        }
        Err(trouble) => return Step::Done(refusal::outcome(&trouble)),
    };
    let address: Vec<(&str, Value)> = address(customer).collect();
    if *at == At::ChangingAddress || address.is_empty() {
        return Step::Done(booked("Customer", name));
    }
    match data["customer_primary_address"].as_str().filter(|name| !name.is_empty()) {
        Some(primary) => {
            *at = At::ChangingAddress;
            let fields: serde_json::Map<String, Value> =
                address.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
            Step::Ask(Request::update("Address", primary, Value::Object(fields)))
        }
        // A second address could be made twice, because nothing in it is unique: a person adds it.
        None => Step::Done(Outcome::Booked {
            documents: vec![document("Customer", name)],
            differences: vec![Difference {
                field: "customer_primary_address".into(),
                receipt: customer.address_line1.clone(),
                booked: String::new(),
            }],
        }),
    }
}

fn fields(customer: &CustomerSaved) -> Value {
    let mut body = json!({ "customer_name": customer.customer_name });
    for (field, value) in [
        ("customer_group", &customer.customer_group),
        ("territory", &customer.territory),
        ("mobile_no", &customer.mobile_no),
        ("email_id", &customer.email_id),
        ("tax_id", &customer.tax_id),
        ("language", &customer.language),
    ] {
        if !value.is_empty() {
            body[field] = json!(value);
        }
    }
    body
}

fn address(customer: &CustomerSaved) -> impl Iterator<Item = (&'static str, Value)> {
    let fields = [
        ("address_line1", &customer.address_line1),
        ("address_line2", &customer.address_line2),
        ("city", &customer.city),
        ("pincode", &customer.pincode),
        ("country", &customer.country),
    ];
    let has_address = !customer.address_line1.is_empty();
    let given = fields.map(|(field, value)| (field, json!(value)));
    given.into_iter().filter(move |(_, value)| has_address && value != "")
}
