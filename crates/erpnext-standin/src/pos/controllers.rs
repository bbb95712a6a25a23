//! Which program looks after which DocType.

use crate::{
    documents::{Action, Saving},
    json::{Doc, field, is_blank, is_set, number, rows, set, set_missing, text},
    refused::Refused,
    site::{StandIn, Version},
};

impl StandIn {
    /// `validate`: may refuse, may fill in.
    pub(crate) fn validate(&mut self, saving: &Saving<'_>, doc: &mut Doc) -> Result<(), Refused> {
        match (saving.meta.name.as_str(), saving.action) {
            ("POS Invoice" | "Sales Invoice", Action::Save | Action::Submit) => self.validate_invoice(saving, doc),
            ("POS Invoice", Action::Cancel) => self.validate_invoice_cancel(doc),
            ("POS Opening Entry", Action::Save | Action::Submit) => self.validate_opening(saving, doc),
            ("POS Opening Entry", Action::Cancel) => {
                set(doc, "status", "Cancelled");
                Ok(())
            }
            ("POS Closing Entry", Action::Save | Action::Submit) => self.validate_closing(saving, doc),
            ("POS Closing Entry", Action::Cancel) => {
                set(doc, "status", "Cancelled");
                set(doc, "error_message", "");
                Ok(())
            }
            ("Customer", _) => self.validate_customer(saving, doc),
            ("Custom Field", Action::Save) => self.validate_custom_field(saving, doc),
            ("Item", Action::Save) => self.validate_item(doc),
            ("Item Price", Action::Save) => {
                let stock_uom = self.store.text("Item", text(doc, "item_code"), "stock_uom").to_owned();
                set_missing(doc, "uom", stock_uom);
                let currency = self.store.text("Price List", text(doc, "price_list"), "currency").to_owned();
                set_missing(doc, "currency", currency);
                Ok(())
            }
            ("Journal Entry", Action::Save | Action::Submit) => self.validate_journal_entry(doc),
            ("Serial No", _) if self.settings.version == Version::V15 => Ok(()),
            _ => Ok(()),
        }
    }

    /// `on_submit`, `on_cancel` and what else follows a save.
    pub(crate) fn saved(&mut self, saving: &Saving<'_>, name: &str) -> Result<(), Refused> {
        match (saving.meta.name.as_str(), saving.action) {
            ("POS Invoice", Action::Submit) => self.invoice_submitted(name),
            ("POS Invoice", Action::Cancel) => self.invoice_cancelled(name),
            ("Sales Invoice", Action::Submit) => self.sales_invoice_submitted(name),
            ("POS Closing Entry", Action::Submit) => self.closing_submitted(name),
            ("POS Closing Entry", Action::Cancel) => {
                self.closing_cancelled(name);
                Ok(())
            }
            ("Stock Entry", Action::Submit) => {
                self.stock_entry_submitted(name);
                Ok(())
            }
            ("Customer", Action::Save) if saving.before.is_none() => {
                self.customer_made(name);
                Ok(())
            }
            ("Custom Field", Action::Save) => {
                self.read_custom_fields();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn validate_custom_field(&self, saving: &Saving<'_>, doc: &mut Doc) -> Result<(), Refused> {
        let (doctype, fieldname) = (text(doc, "dt").to_owned(), text(doc, "fieldname").to_owned());
        let Some(meta) = crate::meta::doctype(&doctype) else {
            return Err(Refused::missing("DocType", &doctype));
        };
        if saving.before.is_none() && self.field(meta, &fieldname).is_some() {
            return Err(Refused::plain(format!(
                "A field with the name <strong>{fieldname}</strong> already exists in {doctype}"
            )));
        }
        Ok(())
    }

    fn validate_item(&self, doc: &mut Doc) -> Result<(), Refused> {
        let code = text(doc, "name").to_owned();
        for row in rows(doc, "barcodes") {
            let barcode = text(row, "barcode");
            let mut others = self.store.all("Item").filter(|other| text(other, "name") != code);
            if let Some(other) = others.find(|other| rows(other, "barcodes").any(|row| text(row, "barcode") == barcode))
            {
                let other = text(other, "name");
                return Err(Refused::plain(format!("Barcode {barcode} already used in Item {other}")));
            }
        }
        set_missing(doc, "item_name", code);
        if is_blank(field(doc, "end_of_life")) {
            set(doc, "end_of_life", "2099-12-31");
        }
        Ok(())
    }

    fn validate_journal_entry(&self, doc: &mut Doc) -> Result<(), Refused> {
        let day = text(doc, "posting_date").to_owned();
        self.check_period(text(doc, "company"), &day, "Journal Entry")?;
        let sum = |name: &str| rows(doc, "accounts").map(|row| number(row, name)).sum::<f64>();
        let (debit, credit) = (sum("debit_in_account_currency"), sum("credit_in_account_currency"));
        if (debit - credit).abs() > 0.004 {
            return Err(Refused::plain(format!(
                "Total Debit must be equal to Total Credit. The difference is {}",
                debit - credit
            )));
        }
        set(doc, "total_debit", debit);
        set(doc, "total_credit", credit);
        Ok(())
    }

    /// Accounting Period: nothing is booked into a closed one.
    pub(crate) fn check_period(&self, company: &str, day: &str, doctype: &str) -> Result<(), Refused> {
        let is_closed = |period: &&std::sync::Arc<Doc>| {
            text(period, "company") == company
                && text(period, "start_date") <= day
                && day <= text(period, "end_date")
                && !is_set(period, "disabled")
                && rows(period, "closed_documents")
                    .any(|row| text(row, "document_type") == doctype && is_set(row, "closed"))
        };
        match self.store.all("Accounting Period").find(is_closed) {
            Some(period) => Err(Refused::of(
                417,
                "erpnext.accounts.general_ledger.ClosedAccountingPeriod",
                "Message",
                format!(
                    "You cannot create or cancel any accounting entries with in the closed Accounting Period <b>{}</b>",
                    text(period, "name")
                ),
            )),
            None => Ok(()),
        }
    }
}
