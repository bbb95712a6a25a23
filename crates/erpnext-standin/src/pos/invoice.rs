//! POS Invoice, and Sales Invoice where version 16 sells with it.

use crate::{
    documents::{Action, Saving},
    json::{Doc, as_number, field, is_set, number, rows, set, set_missing, text},
    pos::{pricing::View, written},
    refused::Refused,
    site::{StandIn, Version},
};
use holdfast_engine::{CouponError, Priced, Refusal, price};
use serde_json::{Value, json};

/// How far ERPNext comes before it refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// While rows are filled and totals computed.
    Totals,
    /// Rules for goods, after the parties were looked at.
    Goods,
    /// How it is paid, and whole numbers.
    Payment,
    /// What is asked after stock.
    AfterStock,
}

impl StandIn {
    /// `validate` of an invoice, in ERPNext's order.
    pub(crate) fn validate_invoice(&mut self, saving: &Saving<'_>, doc: &mut Doc) -> Result<(), Refused> {
        if saving.meta.name == "Sales Invoice" && !is_set(doc, "is_created_using_pos") {
            return Ok(());
        }
        if !is_set(doc, "is_pos") {
            return Err(Refused::plain("POS Invoice should have the field <strong>Include Payment</strong> checked."));
        }
        self.check_kind(saving, doc)?;
        check_quantities(doc)?;
        self.set_pos_fields(doc)?;
        let is_submitted = saving.action == Action::Submit;
        let paid = (field(doc, "paid_amount").clone(), field(doc, "base_paid_amount").clone());
        let priced = self.price(saving, doc)?;
        let refusal = priced.refusal.clone();
        let stage = refusal.as_ref().map(stage);
        let refused = |refusal: &Option<Refusal>| said(refusal.as_ref().expect("there is one at this stage"), doc_row);
        if stage == Some(Stage::Totals) {
            return Err(refused(&refusal));
        }
        written::write(doc, &priced);
        self.fill_rows(saving, doc)?;
        self.check_return(doc)?;
        self.check_party(doc)?;
        if stage == Some(Stage::Goods) {
            return Err(refused(&refusal));
        }
        self.check_opening(text(doc, "pos_profile"))?;
        if !is_set(doc, "set_posting_time") {
            let now = self.now();
            set(doc, "posting_date", now.date().to_string());
            set(doc, "posting_time", now.time());
        }
        if stage == Some(Stage::Payment) {
            return Err(refused(&refusal));
        }
        if is_set(doc, "change_amount") && text(doc, "account_for_change_amount").is_empty() {
            return Err(Refused::plain("Please enter Account for Change Amount"));
        }
        self.check_stock(saving, doc)?;
        let is_draft_only = matches!(refusal, Some(Refusal::NoAccount { .. }));
        if stage == Some(Stage::AfterStock) && !(is_submitted && is_draft_only) && !is_coupon(refusal.as_ref()) {
            return Err(refused(&refusal));
        }
        self.check_payments(doc, is_submitted, &paid.0)?;
        if is_coupon(refusal.as_ref()) {
            return Err(refused(&refusal));
        }
        self.check_closed_period(saving, doc)?;
        if is_submitted {
            set(doc, "paid_amount", as_number(&paid.0));
            set(doc, "base_paid_amount", as_number(&paid.1));
        } else {
            self.set_payments(doc, &priced);
        }
        set_missing(doc, "status", "Draft");
        let gain = priced.loyalty.as_ref().map(|gain| {
            json!({
                "points": gain.points, "eligible_amount": gain.eligible_amount,
                "expiry_date": gain.expiry_date.to_string(),
            })
        });
        set(doc, "_gain", gain);
        Ok(())
    }

    /// Version 16 sells with one kind of invoice only.
    fn check_kind(&self, saving: &Saving<'_>, doc: &Doc) -> Result<(), Refused> {
        if self.settings.version != Version::V16 || is_set(doc, "is_return") {
            return Ok(());
        }
        let wanted = self.store.text("POS Settings", "POS Settings", "invoice_type");
        let wanted = if wanted.is_empty() { "Sales Invoice" } else { wanted };
        if saving.meta.name == wanted {
            return Ok(());
        }
        let message = format!("{wanted} mode is activated in POS. Please create {wanted} instead.");
        Err(Refused::plain(message))
    }

    fn set_pos_fields(&self, doc: &mut Doc) -> Result<(), Refused> {
        if text(doc, "pos_profile").is_empty() {
            let mut profiles = self.store.all("POS Profile");
            let is_mine = |profile: &&std::sync::Arc<Doc>| {
                rows(profile, "applicable_for_users")
                    .any(|row| text(row, "user") == self.user && is_set(row, "default"))
            };
            let profile = profiles.find(is_mine).or_else(|| self.store.all("POS Profile").next());
            let name = profile.map(|profile| text(profile, "name").to_owned()).unwrap_or_default();
            if name.is_empty() {
                return Err(Refused::plain("No POS Profile found. Please create a New POS Profile first"));
            }
            set(doc, "pos_profile", name);
        }
        let name = text(doc, "pos_profile").to_owned();
        let profile = self.store.get("POS Profile", &name).ok_or_else(|| Refused::missing("POS Profile", &name))?;
        set(doc, "company", text(profile, "company"));
        set(doc, "set_warehouse", text(profile, "warehouse"));
        let company = self.store.get("Company", text(profile, "company"));
        let of_company = |name: &str| company.map_or("", |company| text(company, name)).to_owned();
        let change = text(profile, "account_for_change_amount");
        let change = if change.is_empty() { of_company("default_cash_account") } else { change.to_owned() };
        set(doc, "account_for_change_amount", change);
        let debit_to = Some(of_company("default_receivable_account")).filter(|account| !account.is_empty());
        set_missing(doc, "debit_to", debit_to.unwrap_or_else(|| "Debtors".into()));
        let customer = text(doc, "customer").to_owned();
        if !customer.is_empty() {
            let Some(customer) = self.store.get("Customer", &customer) else {
                return Err(Refused::crash("TypeError", "cannot unpack non-iterable NoneType object"));
            };
            set(doc, "customer_name", text(customer, "customer_name"));
            set_missing(doc, "title", text(customer, "customer_name"));
            set_missing(doc, "language", "en");
        }
        let day = text(doc, "posting_date").to_owned();
        set_missing(doc, "due_date", day);
        set_missing(doc, "is_opening", "No");
        set_missing(doc, "party_account_currency", of_company("default_currency"));
        Ok(())
    }

    /// Computes everything anew from what was sent.
    fn price(&mut self, saving: &Saving<'_>, doc: &mut Doc) -> Result<Priced, Refused> {
        if let Some(code) =
            rows(doc, "items").map(|row| text(row, "item_code")).find(|code| !self.store.has("Item", code))
        {
            return Err(Refused::missing("Item", code));
        }
        let view = self.view_of(doc);
        let profile = text(doc, "pos_profile").to_owned();
        // What the engine reads of a document is a JSON value.
        let whole = Value::Object(std::mem::take(doc));
        let mut cart = holdfast_oracle::read_cart(&whole);
        if let (Some(sent), true) = (cart.sent.as_deref_mut(), cart.customer.is_empty()) {
            // Nobody is nobody, not the profile's customer.
            sent.tax_category.clear();
        }
        let context = holdfast_oracle::read_context(&whole, self.now().date());
        let priced = price(&cart, &view, &context);
        if let Value::Object(fields) = whole {
            *doc = fields;
        }
        let _ = (saving, profile);
        Ok(priced)
    }

    fn view_of(&mut self, doc: &Doc) -> View {
        let codes = rows(doc, "items").map(|row| text(row, "item_code")).collect();
        self.view(text(doc, "pos_profile"), text(doc, "customer"), codes)
    }

    /// What rows get from profile, item and stock, besides money.
    fn fill_rows(&mut self, saving: &Saving<'_>, doc: &mut Doc) -> Result<(), Refused> {
        let profile = self.store.get("POS Profile", text(doc, "pos_profile")).cloned().unwrap_or_default();
        let cost_center = text(&profile, "cost_center").to_owned();
        let currency = self.store.text("Company", text(doc, "company"), "default_currency").to_owned();
        let mut items = match doc.remove("items") {
            Some(Value::Array(rows)) => rows,
            _ => Vec::new(),
        };
        for row in items.iter_mut().filter_map(Value::as_object_mut) {
            let or = |value: &str, other: &str| if value.is_empty() { other.to_owned() } else { value.to_owned() };
            set_missing(row, "income_account", or(text(&profile, "income_account"), "Sales"));
            set_missing(row, "expense_account", or(text(&profile, "expense_account"), "Cost of Goods Sold"));
            set_missing(row, "cost_center", or(&cost_center, "Main"));
            self.choose_stock(saving, row)?;
        }
        set(doc, "items", items);
        if let Some(Value::Array(taxes)) = doc.get_mut("taxes") {
            for row in taxes.iter_mut().filter_map(Value::as_object_mut) {
                set_missing(row, "account_currency", currency.as_str());
                set_missing(row, "cost_center", if cost_center.is_empty() { "Main" } else { &cost_center });
            }
        }
        Ok(())
    }

    fn check_party(&self, doc: &Doc) -> Result<(), Refused> {
        let name = text(doc, "customer");
        let Some(customer) = self.store.get("Customer", name) else {
            return Ok(());
        };
        if is_set(customer, "disabled") {
            return Err(Refused::class("erpnext.exceptions.PartyDisabled", format!("Customer {name} is disabled")));
        }
        if is_set(customer, "is_frozen") {
            return Err(Refused::class("erpnext.exceptions.PartyFrozen", format!("Customer {name} is frozen")));
        }
        Ok(())
    }

    /// Signs, sums and whether it is paid in full.
    fn check_payments(&self, doc: &mut Doc, is_submitted: bool, paid: &Value) -> Result<(), Refused> {
        let is_return = is_set(doc, "is_return");
        let payable = payable(doc);
        if is_submitted && is_return {
            let sum: f64 = rows(doc, "payments").map(|row| number(row, "amount")).sum();
            let sum = (sum * 100.0).round() / 100.0;
            if sum != 0.0 && sum < payable {
                return Err(Refused::plain(format!("Total payments amount can't be greater than {}", -payable)));
            }
        }
        if is_set(doc, "redeem_loyalty_points") {
            let program = self.store.get("Loyalty Program", text(doc, "loyalty_program")).cloned();
            if let Some(program) = program {
                set_missing(doc, "loyalty_redemption_account", text(&program, "expense_account"));
                set_missing(doc, "loyalty_redemption_cost_center", text(&program, "cost_center"));
            }
        }
        let Some(paid) = as_number(paid) else {
            let message = "'<' not supported between instances of 'NoneType' and 'float'";
            let fails = is_submitted || is_return;
            return if fails { Err(Refused::crash("TypeError", message)) } else { Ok(()) };
        };
        let company = self.store.text("POS Profile", text(doc, "pos_profile"), "company");
        if company != text(doc, "company") {
            let message = format!("Company {} does not match with POS Profile Company {company}", text(doc, "company"));
            return Err(Refused::plain(message));
        }
        let profile = self.store.get("POS Profile", text(doc, "pos_profile"));
        let may_be_partial = profile.is_some_and(|profile| is_set(profile, "allow_partial_payment"));
        let is_partial = if is_return { paid != payable } else { paid < payable };
        if is_submitted && is_partial && !may_be_partial {
            return Err(Refused::class(
                "erpnext.accounts.doctype.pos_invoice.pos_invoice.PartialPaymentValidationError",
                "Partial Payment in POS Invoice is not allowed.",
            ));
        }
        Ok(())
    }

    /// A Sales Invoice goes into the books at once, a POS Invoice when its shift is closed.
    fn check_closed_period(&self, saving: &Saving<'_>, doc: &Doc) -> Result<(), Refused> {
        let is_booked = saving.action == Action::Submit && saving.meta.name == "Sales Invoice";
        if is_booked {
            self.check_period(text(doc, "company"), text(doc, "posting_date"), "Sales Invoice")
        } else {
            Ok(())
        }
    }

    /// `before_save`, which runs for drafts only: payments and their sum.
    fn set_payments(&self, doc: &mut Doc, priced: &Priced) {
        let company = text(doc, "company").to_owned();
        if let Some(Value::Array(payments)) = doc.get_mut("payments") {
            for (row, priced) in payments.iter_mut().filter_map(Value::as_object_mut).zip(&priced.invoice.payments) {
                set(row, "base_amount", priced.base_amount);
                set(row, "type", priced.kind.as_str());
                set(row, "account", self.account_of_mode(&priced.mode_of_payment, &company));
            }
        }
        set(doc, "paid_amount", priced.invoice.paid_amount);
        set(doc, "base_paid_amount", priced.invoice.base_paid_amount);
    }

    pub(crate) fn validate_invoice_cancel(&self, doc: &mut Doc) -> Result<(), Refused> {
        let name = text(doc, "name");
        if !text(doc, "consolidated_invoice").is_empty() {
            let holds = |closing: &&std::sync::Arc<Doc>| {
                rows(closing, "pos_transactions").any(|row| text(row, "pos_invoice") == name)
            };
            let closing = self.store.all("POS Closing Entry").find(holds);
            let closing = closing.map_or("", |closing| text(closing, "name"));
            let message = format!(
                "You need to cancel POS Closing Entry <a href=\"/app/pos-closing-entry/{closing}\">{closing}</a> to be \
                 able to cancel this document."
            );
            return Err(Refused::titled("Not Allowed", message));
        }
        set(doc, "status", "Cancelled");
        Ok(())
    }
}

/// `rounded_total`, or `grand_total` where that is nothing.
pub(crate) fn payable(doc: &Doc) -> f64 {
    let rounded = number(doc, "rounded_total");
    if rounded == 0.0 { number(doc, "grand_total") } else { rounded }
}

fn check_quantities(doc: &Doc) -> Result<(), Refused> {
    if is_set(doc, "is_return") {
        return Ok(());
    }
    for (at, row) in rows(doc, "items").enumerate() {
        if number(row, "qty") == 0.0 {
            let (row, item) = (at + 1, text(row, "item_code"));
            return Err(Refused::of(
                417,
                "erpnext.controllers.accounts_controller.InvalidQtyError",
                "Invalid Quantity",
                format!("Row #{row}: Quantity for Item <strong>{item}</strong> cannot be zero."),
            ));
        }
    }
    Ok(())
}

fn stage(refusal: &Refusal) -> Stage {
    match refusal {
        Refusal::NotSold { .. }
        | Refusal::MaxDiscount { .. }
        | Refusal::SellingPrice { .. }
        | Refusal::ConversionFactor { .. }
        | Refusal::BatchExpired { .. } => Stage::Goods,
        Refusal::NoPayment | Refusal::WholeNumber { .. } => Stage::Payment,
        Refusal::NoAccount { .. }
        | Refusal::PaymentSign { .. }
        | Refusal::PaidTooMuch
        | Refusal::Coupon(_)
        | Refusal::Loyalty(_) => Stage::AfterStock,
        _ => Stage::Totals,
    }
}

fn is_coupon(refusal: Option<&Refusal>) -> bool {
    matches!(refusal, Some(Refusal::Coupon(error)) if !matches!(error, CouponError::Unknown { .. }))
}

/// The engine's refusal in ERPNext's words, with its HTML.
fn said(refusal: &Refusal, bold: impl Fn(&str) -> String) -> Refused {
    let words = refusal.to_string();
    let class = |module: &str| format!("{module}.{}", refusal.exception());
    match refusal {
        Refusal::Empty => Refused::crash("TypeError", "bad operand type for abs(): 'NoneType'"),
        Refusal::Crash { exception, message, .. } => Refused::crash(exception, message),
        Refusal::Template { .. } => Refused::titled("Template Item Selected", words),
        Refusal::OverReturn { .. } => Refused::class(&class("erpnext.controllers.sales_and_purchase_return"), words),
        Refusal::BatchExpired { row, batch_no } => Refused::class(
            &class("erpnext.controllers.stock_controller"),
            format!("Row #{row}: The batch <a href=\"/app/batch/{batch_no}\">{batch_no}</a> has already expired."),
        ),
        Refusal::WholeNumber { uom, .. } => Refused::class(
            &class("erpnext.utilities.transaction_base"),
            words
                .replace("'Must be Whole Number'", "'<strong>Must be Whole Number</strong>'")
                .replace(&format!("UOM {uom}."), &format!("UOM {}.", bold(uom))),
        ),
        Refusal::NoAccount { mode_of_payment } => Refused::titled(
            "Missing Account",
            format!(
                "Please set default Cash or Bank account in Mode of Payment \
                 <a href=\"/app/mode-of-payment/{mode_of_payment}\">{mode_of_payment}</a>"
            ),
        ),
        Refusal::RuleConflict { .. } => Refused::class(&class("erpnext.accounts.doctype.pricing_rule.utils"), words),
        _ => Refused::plain(words),
    }
}

fn doc_row(text: &str) -> String {
    format!("<strong>{text}</strong>")
}
