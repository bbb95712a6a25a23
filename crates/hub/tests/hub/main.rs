//! The hub as its callers see it: routes without a socket, and the site client over one.

mod console;
mod enrolment;
mod shop;
mod site;
mod tls;
mod webhooks;
