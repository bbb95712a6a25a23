//! The console: pages for whoever runs the shop. HTML from the server, one stylesheet, no scripts.
//!
//! Every page but the sign-in needs a session ([`session::Visitor`]); every form carries that session's key and comes from one of
//! these pages ([`session::Posted`]). What a form changes and the line in the audit log are one transaction.

mod accounts;
mod audit;
mod employees;
mod erpnext;
mod exceptions;
mod first;
mod home;
mod page;
mod problem;
mod session;
mod sign_in;
mod terminals;
mod words;

pub(crate) use erpnext::Plans;
pub(crate) use first::SetUp;
pub(crate) use home::show as home;

use crate::Hub;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::header,
    routing::{get, post},
};

/// Most bytes of a form.
const FORM_BYTES_MAX: usize = 64 * 1024;

/// Everything under `/pos/console`.
pub(crate) fn routes() -> Router<Hub> {
    Router::new()
        .route("/", get(home::show))
        .route("/first", get(first::show).post(first::make))
        .route("/sign-in", get(sign_in::show).post(sign_in::begin))
        .route("/sign-out", post(sign_in::end))
        .route("/exceptions", get(exceptions::list))
        .route("/exceptions/{id}", get(exceptions::show))
        .route("/exceptions/{id}/decide", post(exceptions::decide))
        .route("/terminals", get(terminals::list))
        .route("/terminals/{code}", get(terminals::show))
        .route("/terminals/{code}/statement", get(terminals::signed_statement))
        .route("/terminals/{code}/revoke", post(terminals::revoke))
        .route("/employees", get(employees::list).post(employees::add))
        .route("/employees/pin", post(employees::set_pin))
        .route("/employees/remove", post(employees::remove))
        .route("/erpnext", get(erpnext::show))
        .route("/erpnext/doctor", post(erpnext::doctor))
        .route("/erpnext/connect", post(erpnext::connect))
        .route("/erpnext/plan", post(erpnext::plan))
        .route("/erpnext/apply", post(erpnext::apply))
        .route("/erpnext/take-back", post(erpnext::take_back))
        .route("/accounts", get(accounts::list).post(accounts::set))
        .route("/accounts/password", post(accounts::change_password))
        .route("/accounts/session", post(accounts::end_session))
        .route("/audit", get(audit::show))
        .route("/audit.csv", get(audit::csv))
        .route("/style.css", get(async || ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], page::STYLE)))
        .fallback(page::missing)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
}
