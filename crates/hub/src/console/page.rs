//! How every page looks, and the headers that keep it closed.

use super::{problem::Problem, session::Visitor};
use axum::{
    http::{HeaderName, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use holdfast_store::Role;
use maud::{DOCTYPE, Markup, html};

/// The one stylesheet.
pub(super) const STYLE: &str = include_str!("style.css");

/// Nothing but this page's own styles and forms.
const POLICY: (HeaderName, &str) = (
    header::CONTENT_SECURITY_POLICY,
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// The places of the console, with the role that sees them.
const PLACES: [(&str, &str, Role); 7] = [
    ("", "Overview", Role::Auditor),
    ("exceptions", "To decide", Role::Auditor),
    ("terminals", "Counters", Role::Auditor),
    ("employees", "Employees", Role::Auditor),
    ("erpnext", "ERPNext", Role::Auditor),
    ("accounts", "Accounts", Role::Auditor),
    ("audit", "Audit log", Role::Auditor),
];

/// A page for somebody who is signed in.
pub(super) fn page(visitor: &Visitor, place: &str, title: &str, content: &Markup) -> Response {
    let nav = html! {
        nav aria-label="Console" {
            @for (path, name, role) in PLACES {
                @if visitor.role >= role {
                    a href={ "/pos/console/" (path) } aria-current=[(path == place).then_some("page")] { (name) }
                }
            }
        }
        form.who method="post" action="/pos/console/sign-out" {
            (visitor.key())
            span.quiet { (visitor.account) " · " (visitor.role.as_str()) }
            button type="submit" { "Sign out" }
        }
    };
    whole(title, &nav, content)
}

/// A page for somebody who is not.
pub(super) fn open_page(title: &str, content: &Markup) -> Response {
    whole(title, &html! {}, &html! { div.narrow { (content) } })
}

/// What is at an address that nobody knows.
pub(super) async fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is no such page.")
}

fn whole(title: &str, head: &Markup, content: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Holdfast" }
                link rel="icon" href="/pos/icon.svg";
                link rel="stylesheet" href="/pos/console/style.css";
            }
            body {
                header {
                    a.brand href="/pos/console/" { "Holdfast" }
                    (head)
                }
                main {
                    h1 { (title) }
                    (content)
                }
            }
        }
    };
    ([POLICY, (header::REFERRER_POLICY, "same-origin")], Html(page.into_string())).into_response()
}
