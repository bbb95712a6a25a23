//! The hub as its callers see it: routes without a socket, and the site client over one.

mod anything;
mod archive;
mod console;
mod crash;
mod enrolment;
mod posting;
mod pulling;
mod routes;
mod shop;
mod signed;
mod site;
mod stand_in;
mod tls;
mod webhooks;
