//! The hub as its callers see it: routes without a socket, and the site client over one.

mod console;
mod enrolment;
mod pulling;
mod shop;
mod site;
mod stand_in;
mod tls;
mod webhooks;
