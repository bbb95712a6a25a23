//! What ERPNext's own programs do: invoices, shifts, stock, customers.

pub(crate) mod closing;
pub(crate) mod consolidation;
pub(crate) mod controllers;
pub(crate) mod customer;
pub(crate) mod invoice;
pub(crate) mod opening;
pub(crate) mod pricing;
pub(crate) mod returns;
pub(crate) mod stock;
pub(crate) mod written;
