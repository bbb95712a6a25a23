//! Format 1, as released: only ever read. Types that did not change since are the current ones.

use super::{Enrolled, Returned, ShiftClosed, ShiftOpened};
use holdfast_engine::Invoice;
use serde::Deserialize;

/// The format's version byte.
pub const FORMAT: u8 = 1;

/// A body of format 1.
#[derive(Deserialize)]
#[expect(missing_docs, reason = "as in the current format")]
pub enum Body {
    Enrolled(Enrolled),
    SignedIn,
    SignedOut,
    SignInFailed {
        employee: String,
        count: u32,
    },
    ShiftOpened(ShiftOpened),
    Sale(Box<Sale>),
    ShiftClosed(ShiftClosed),
    CartDropped {
        lines: u32,
        #[serde(with = "holdfast_engine::decimal")]
        total: f64,
    },
}

/// A sale of format 1.
#[derive(Deserialize)]
#[expect(missing_docs, reason = "as in the current format")]
pub struct Sale {
    pub receipt_number: String,
    pub engine_version: String,
    pub pos_profile: String,
    pub company: String,
    pub customer_name: String,
    pub posted_local: String,
    pub invoice: Invoice,
    pub return_against: Option<String>,
}

impl From<Body> for super::Body {
    fn from(body: Body) -> Self {
        match body {
            Body::Enrolled(enrolled) => Self::Enrolled(enrolled),
            Body::SignedIn => Self::SignedIn,
            Body::SignedOut => Self::SignedOut,
            Body::SignInFailed { employee, count } => Self::SignInFailed { employee, count },
            Body::ShiftOpened(opened) => Self::ShiftOpened(opened),
            Body::Sale(sale) => Self::Sale(Box::new((*sale).into())),
            Body::ShiftClosed(closed) => Self::ShiftClosed(closed),
            Body::CartDropped { lines, total } => Self::CartDropped { lines, total },
        }
    }
}

impl From<Sale> for super::Sale {
    fn from(sale: Sale) -> Self {
        let Sale {
            receipt_number,
            engine_version,
            pos_profile,
            company,
            customer_name,
            posted_local,
            invoice,
            return_against,
        } = sale;
        let returned = return_against.map(|receipt_number| Returned { receipt_number, ..Returned::default() });
        Self {
            receipt_number,
            engine_version,
            pos_profile,
            company,
            customer_name,
            posted_local,
            invoice,
            returned,
            ..Self::default()
        }
    }
}
