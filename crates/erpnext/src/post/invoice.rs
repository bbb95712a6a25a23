//! POS Invoice, or the Sales Invoice that version 16 sells with: sales and returns.

use super::{
    Job, compare, document,
    once::{End, Once},
    refusal, refused,
};
use crate::{
    conversation::{Conversation, Step},
    heard::{Heard, Trouble},
    json::{number, rows, text},
    request::Request,
    site::InvoiceType,
};
use holdfast_engine::{Invoice, InvoiceItem, InvoicePayment, InvoiceTax, masters::ChargeType};
use holdfast_sync::{
    body::Sale,
    posting::{Difference, Outcome, RefusalKind},
};
use serde_json::{Value, json};

/// DocTypes that a sale may have become.
const INVOICES: &[&str] = &["POS Invoice", "Sales Invoice"];

#[derive(Clone, Debug)]
pub(super) struct InvoicePost {
    job: Job,
    sale: Sale,
    customer: String,
    /// The invoice that this one gives back: DocType and name.
    original: Option<(String, String)>,
    /// The mode of payment of a sale that cost nothing.
    idle_mode: String,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    Start,
    /// Where nothing was to be paid, a mode of payment is looked for: ERPNext takes no invoice without one.
    ReadingProfile,
    ReadingOriginal,
    Making(Box<Once>),
}

impl InvoicePost {
    pub(super) fn new(job: Job, sale: Sale) -> Self {
        let made = sale.customer_entry.and_then(|entry| job.needed(entry, &["Customer"]));
        let customer = made.map_or_else(|| sale.invoice.customer.clone(), |made| made.name.clone());
        let original = sale.returned.as_ref().and_then(|returned| {
            let booked = returned.entry.and_then(|entry| job.needed(entry, INVOICES));
            let booked = booked.map(|booked| (booked.doctype.clone(), booked.name.clone()));
            booked.or_else(|| {
                let doctype = job.site.invoice_type.doctype().to_owned();
                (!returned.document.is_empty()).then(|| (doctype, returned.document.clone()))
            })
        });
        Self { job, sale, customer, original, idle_mode: String::new(), at: At::Start }
    }

    /// A return is of the kind that its original is.
    fn doctype(&self) -> &'static str {
        match &self.original {
            Some((doctype, _)) if doctype == "Sales Invoice" => "Sales Invoice",
            Some(_) => "POS Invoice",
            None => self.job.site.invoice_type.doctype(),
        }
    }

    fn begin(&mut self) -> Step<Outcome> {
        if self.sale.invoice.payments.is_empty() && self.idle_mode.is_empty() {
            self.at = At::ReadingProfile;
            return Step::Ask(Request::document("POS Profile", &self.sale.pos_profile));
        }
        match &self.original {
            Some((doctype, name)) => {
                self.at = At::ReadingOriginal;
                Step::Ask(Request::document(doctype, name))
            }
            None => self.make(&Value::Null),
        }
    }

    fn take_profile(&mut self, profile: &Value) -> Step<Outcome> {
        let Some(mode) = default_mode(profile) else {
            let message = format!("POS Profile {} has no mode of payment.", self.sale.pos_profile);
            return Step::Done(refused(RefusalKind::Limit, message));
        };
        self.idle_mode = mode;
        self.begin()
    }

    fn make(&mut self, original: &Value) -> Step<Outcome> {
        let mut body = body(&self.job, &self.sale, &self.customer, self.doctype(), original);
        if self.sale.invoice.payments.is_empty() {
            body["payments"] = json!([{ "mode_of_payment": self.idle_mode, "amount": 0.0, "base_amount": 0.0 }]);
        }
        let (id, is_draft) = (self.job.id().to_string(), self.job.amendments().as_draft);
        let mut once = Once::new(self.doctype(), id, body, is_draft, self.job.is_first);
        let step = once.next(None);
        self.at = At::Making(Box::new(once));
        self.pass(step)
    }

    fn pass(&self, step: Step<End>) -> Step<Outcome> {
        match step {
            Step::Ask(request) => Step::Ask(request),
            Step::Wait { ms } => Step::Wait { ms },
            Step::Done(end) => Step::Done(self.outcome(end)),
        }
    }

    fn outcome(&self, end: End) -> Outcome {
        let booked = match end {
            Ok(booked) => booked,
            Err(outcome) => return outcome,
        };
        let mut differences = compare::invoice(&self.job, &self.sale.invoice, &self.customer, &booked);
        let against = self.original.as_ref().map_or("", |(_, name)| name);
        // What is given back without its sale in the books is a return of its own, and somebody should know.
        if let (Some(returned), "") = (&self.sale.returned, against) {
            let receipt = returned.receipt_number.clone();
            differences.push(Difference { field: "return_against".into(), receipt, booked: String::new() });
        }
        Outcome::Booked { documents: vec![document(self.doctype(), &text(&booked["name"]))], differences }
    }
}

impl Conversation for InvoicePost {
    type Outcome = Outcome;

    fn next(&mut self, heard: Option<Heard>) -> Step<Outcome> {
        match (&mut self.at, heard) {
            (At::Start, _) | (At::ReadingOriginal | At::ReadingProfile, None) => self.begin(),
            (At::ReadingProfile, Some(heard)) => match heard.data() {
                Ok(profile) => self.take_profile(&profile),
                Err(trouble) => Step::Done(refusal::outcome(&trouble)),
            },
            (At::ReadingOriginal, Some(heard)) => match heard.data() {
                Ok(original) => self.make(&original),
                Err(Trouble::Refused { status: 404, message, .. }) => {
                    Step::Done(refused(RefusalKind::Original, message))
                }
                Err(trouble) => Step::Done(refusal::outcome(&trouble)),
            },
            (At::Making(once), heard) => {
                let step = once.next(heard);
                self.pass(step)
            }
        }
    }
}

/// The document, with everything final that the receipt says.
fn body(job: &Job, sale: &Sale, customer: &str, doctype: &str, original: &Value) -> Value {
    let invoice = &sale.invoice;
    let (date, time) = sale.posted_local.split_once(' ').unwrap_or((&sale.posted_local, ""));
    let mut body = header(invoice);
    for (field, value) in [
        ("pos_profile", json!(sale.pos_profile)),
        ("company", json!(sale.company)),
        ("customer", json!(job.renamed("Customer", customer))),
        ("is_pos", json!(1)),
        ("update_stock", json!(1)),
        ("set_posting_time", json!(1)),
        ("posting_date", json!(date)),
        ("posting_time", json!(time)),
        ("due_date", json!(date)),
        ("holdfast_employee", json!(job.employee())),
        ("remarks", json!(sale.remarks)),
        ("items", invoice.items.iter().enumerate().map(|(at, _)| item(job, sale, at, original, doctype)).collect()),
        ("taxes", invoice.taxes.iter().map(tax).collect()),
        ("payments", payments(invoice)),
    ] {
        body[field] = value;
    }
    if doctype == InvoiceType::SalesInvoice.doctype() {
        body["is_created_using_pos"] = json!(1);
    }
    if let Some(name) = original["name"].as_str() {
        body["return_against"] = json!(name);
    }
    if !sale.sales_team.is_empty() {
        let share = |share: &holdfast_sync::body::SalesShare| json!({ "sales_person": share.sales_person, "allocated_percentage": share.percentage });
        body["sales_team"] = sale.sales_team.iter().map(share).collect();
    }
    body
}

fn header(invoice: &Invoice) -> Value {
    json!({
        "currency": invoice.currency,
        "conversion_rate": invoice.conversion_rate,
        "plc_conversion_rate": invoice.plc_conversion_rate,
        "selling_price_list": invoice.selling_price_list,
        "price_list_currency": invoice.price_list_currency,
        "is_return": u8::from(invoice.is_return),
        // Today's rules are not for yesterday's sale.
        "ignore_pricing_rule": 1,
        "taxes_and_charges": invoice.taxes_and_charges,
        "tax_category": invoice.tax_category,
        "apply_discount_on": invoice.apply_discount_on,
        "additional_discount_percentage": invoice.additional_discount_percentage,
        "discount_amount": invoice.discount_amount,
        "coupon_code": invoice.coupon_code,
        "campaign": invoice.campaign,
        "redeem_loyalty_points": u8::from(invoice.redeem_loyalty_points),
        "loyalty_points": if invoice.redeem_loyalty_points { invoice.loyalty_points } else { 0 },
        "loyalty_amount": if invoice.redeem_loyalty_points { invoice.loyalty_amount } else { 0.0 },
        "loyalty_program": invoice.loyalty_program,
        "paid_amount": invoice.paid_amount,
        "base_paid_amount": invoice.base_paid_amount,
        "change_amount": invoice.change_amount,
        "base_change_amount": invoice.base_change_amount,
        "account_for_change_amount": invoice.account_for_change_amount,
        "write_off_amount": invoice.write_off_amount,
        "base_write_off_amount": invoice.base_write_off_amount,
    })
}

fn item(job: &Job, sale: &Sale, at: usize, original: &Value, doctype: &str) -> Value {
    let item = &sale.invoice.items[at];
    let mut row = amounts(item);
    let code = job.renamed("Item", &item.item_code);
    row["item_code"] = json!(code);
    row["warehouse"] = json!(item.warehouse);
    row["item_tax_template"] = json!(item.item_tax_template);
    if !job.is_renamed("Item", &item.item_code) {
        row["item_name"] = json!(item.item_name);
        if !item.batch_no.is_empty() {
            row["batch_no"] = json!(job.renamed("Batch", &item.batch_no));
            row["use_serial_batch_fields"] = json!(1);
        }
        if !item.serial_nos.is_empty() {
            row["serial_no"] = json!(item.serial_nos.join("\n"));
            row["use_serial_batch_fields"] = json!(1);
        }
    }
    let mut notes = sale.notes.iter().filter(|note| note.row as usize == at).map(|note| note.text.as_str()).peekable();
    if notes.peek().is_some() {
        let lines: Vec<&str> = std::iter::once(item.item_name.as_str()).chain(notes).collect();
        row["description"] = json!(lines.join("\n"));
    }
    let sold = item.returned_row.and_then(|row| rows(&original["items"]).get(row));
    if let Some(sold) = sold {
        let link = if doctype == "Sales Invoice" { "sales_invoice_item" } else { "pos_invoice_item" };
        row[link] = sold["name"].clone();
    }
    row
}

fn amounts(item: &InvoiceItem) -> Value {
    // A rate of zero would be filled in from the list price again.
    let is_given_away = item.rate == 0.0 && item.price_list_rate != 0.0;
    json!({
        "qty": item.qty,
        "uom": item.uom,
        "stock_uom": item.stock_uom,
        "conversion_factor": item.conversion_factor,
        "price_list_rate": item.price_list_rate,
        "rate": item.rate,
        "discount_percentage": if is_given_away { 100.0 } else { item.discount_percentage },
        "discount_amount": item.discount_amount,
        "margin_type": item.margin_type.map_or("", holdfast_engine::MarginType::as_erpnext),
        "margin_rate_or_amount": item.margin_rate_or_amount,
        // Beside `ignore_pricing_rule` the names of rules would take their discounts away at the second save.
        "pricing_rules": "",
        "is_free_item": u8::from(item.is_free_item),
        "grant_commission": u8::from(item.grant_commission),
    })
}

fn tax(tax: &InvoiceTax) -> Value {
    let is_actual = tax.charge_type == ChargeType::Actual;
    json!({
        "charge_type": tax.charge_type.as_erpnext(),
        "row_id": tax.row_id.map(|row| row.to_string()),
        "account_head": tax.account_head,
        "description": tax.description,
        "rate": tax.rate,
        "tax_amount": if is_actual { tax.tax_amount } else { 0.0 },
        "included_in_print_rate": u8::from(tax.included_in_print_rate),
    })
}

/// The default mode of payment of a POS Profile, else its first.
fn default_mode(profile: &Value) -> Option<String> {
    let modes = rows(&profile["payments"]);
    let mode = modes.iter().find(|row| number(&row["default"]) != 0.0).or(modes.first())?;
    Some(text(&mode["mode_of_payment"])).filter(|mode| !mode.is_empty())
}

fn payments(invoice: &Invoice) -> Value {
    let row = |payment: &InvoicePayment| {
        json!({
            "mode_of_payment": payment.mode_of_payment,
            "amount": payment.amount,
            "base_amount": payment.base_amount,
            "account": payment.account,
            "type": payment.kind,
            "reference_no": payment.reference_no,
        })
    };
    invoice.payments.iter().map(row).collect()
}
