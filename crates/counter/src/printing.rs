//! A sale as the document that ERPNext's print formats are written for: a POS Invoice with ERPNext's field names.
//!
//! What ERPNext knows only once it has the document is as it can be known here: its name is the receipt's number, its owner
//! the cashier, its status what the payments say. Amounts are decimal strings, exact to the last digit.

use holdfast_engine::InvoiceTax;
use holdfast_sync::body::Sale;
use serde_json::{Map, Value, json};

/// The document, for a print format.
pub fn document(sale: &Sale, cashier: &str) -> Value {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(&sale.invoice) else {
        unreachable!("an invoice is a struct of texts, numbers and lists");
    };
    let (date, time) = sale.posted_local.split_once(' ').unwrap_or((&sale.posted_local, ""));
    let invoice = &sale.invoice;
    let returned = sale.returned.as_ref();
    let against = returned
        .map(|returned| if returned.document.is_empty() { &returned.receipt_number } else { &returned.document });
    for (name, value) in [
        ("doctype", json!("POS Invoice")),
        ("name", json!(sale.receipt_number)),
        ("owner", json!(cashier)),
        ("docstatus", json!(1)),
        ("is_pos", json!(1)),
        ("is_return", json!(u8::from(invoice.is_return))),
        ("status", json!(status(sale))),
        ("company", json!(sale.company)),
        ("pos_profile", json!(sale.pos_profile)),
        ("customer_name", json!(sale.customer_name)),
        ("posting_date", json!(date)),
        ("posting_time", json!(time)),
        ("return_against", against.map_or(Value::Null, |name| json!(name))),
        ("remarks", if sale.remarks.is_empty() { Value::Null } else { json!(sale.remarks) }),
        ("items", items(sale, &mut fields)),
        ("taxes", rows(&mut fields, "taxes", |index, row| tax(&invoice.taxes[index], row))),
        ("payments", rows(&mut fields, "payments", |_, row| renamed(row, "kind", "type"))),
        ("pricing_rules", rows(&mut fields, "applied_rules", |_, _| ())),
        ("sales_team", sales_team(sale)),
    ] {
        fields.insert(name.to_owned(), value);
    }
    blanks(&mut fields);
    Value::Object(fields)
}

fn status(sale: &Sale) -> &'static str {
    let invoice = &sale.invoice;
    match (invoice.is_return, invoice.outstanding_amount > 0.0, invoice.paid_amount > 0.0) {
        (true, ..) => "Return",
        (false, false, _) => "Paid",
        (false, true, true) => "Partly Paid",
        (false, true, false) => "Unpaid",
    }
}

/// Takes a table out of the invoice and makes its rows ERPNext's.
fn rows(fields: &mut Map<String, Value>, table: &str, make: impl Fn(usize, &mut Map<String, Value>)) -> Value {
    let Some(Value::Array(mut rows)) = fields.remove(table) else { return json!([]) };
    for (index, row) in rows.iter_mut().enumerate() {
        let Value::Object(row) = row else { continue };
        row.insert("idx".to_owned(), json!(index + 1));
        make(index, row);
        blanks(row);
    }
    Value::Array(rows)
}

fn items(sale: &Sale, fields: &mut Map<String, Value>) -> Value {
    rows(fields, "items", |index, row| {
        let item = &sale.invoice.items[index];
        row.remove("returned_row");
        row.remove("serial_nos");
        row.insert("serial_no".to_owned(), json!(item.serial_nos.join("\n")));
        row.insert("pricing_rules".to_owned(), json!(item.pricing_rules_text()));
        let rates = item.item_tax_rate.iter().map(|rate| (rate.account.clone(), json!(rate.rate)));
        row.insert("item_tax_rate".to_owned(), json!(Value::Object(rates.collect()).to_string()));
        row.insert("is_free_item".to_owned(), json!(u8::from(item.is_free_item)));
        row.insert("margin_type".to_owned(), item.margin_type.map_or(Value::Null, |kind| json!(kind.as_erpnext())));
        let notes = sale.notes.iter().filter(|note| usize::try_from(note.row) == Ok(index));
        let notes: Vec<&str> = notes.map(|note| note.text.as_str()).collect();
        let description = if notes.is_empty() { item.item_name.clone() } else { notes.join("\n") };
        row.insert("description".to_owned(), json!(description));
    })
}

/// ERPNext's texts, and the tax of each item as it stores it: `{"ITEM": [rate, amount]}` as text.
fn tax(tax: &InvoiceTax, row: &mut Map<String, Value>) {
    let detail = tax.item_wise_tax_detail.iter().map(|item| (item.item_code.clone(), json!([item.rate, item.amount])));
    row.insert("item_wise_tax_detail".to_owned(), json!(Value::Object(detail.collect()).to_string()));
    row.insert("charge_type".to_owned(), json!(tax.charge_type.as_erpnext()));
    row.insert("included_in_print_rate".to_owned(), json!(u8::from(tax.included_in_print_rate)));
}

fn renamed(row: &mut Map<String, Value>, from: &str, to: &str) {
    let value = row.remove(from).unwrap_or_default();
    row.insert(to.to_owned(), value);
}

fn sales_team(sale: &Sale) -> Value {
    let share = |(index, share): (usize, &holdfast_sync::body::SalesShare)| json!({ "idx": index + 1, "sales_person": share.sales_person, "allocated_percentage": share.percentage });
    sale.sales_team.iter().enumerate().map(share).collect()
}

/// Blank links are `None` where ERPNext reads them from its database.
fn blanks(fields: &mut Map<String, Value>) {
    for value in fields.values_mut().filter(|value| value.as_str() == Some("")) {
        *value = Value::Null;
    }
}

#[cfg(test)]
mod tests {
    use super::document;
    use holdfast_engine::{Invoice, InvoiceItem, InvoicePayment, InvoiceTax};
    use holdfast_print_format::{Limits, PrintFormat, Printed, Site, render};
    use holdfast_sync::body::{Returned, Sale};
    use std::sync::Arc;

    fn sale() -> Sale {
        let item = InvoiceItem {
            item_code: "TEA".into(),
            item_name: "Tea".into(),
            uom: "Nos".into(),
            qty: 2.0,
            rate: 6.25,
            amount: 12.5,
            serial_nos: vec!["S-1".into(), "S-2".into()],
            ..InvoiceItem::default()
        };
        let tax = InvoiceTax { description: "VAT".into(), rate: 10.0, tax_amount: 1.25, ..InvoiceTax::default() };
        let invoice = Invoice {
            currency: "USD".into(),
            items: vec![item],
            taxes: vec![tax],
            payments: vec![InvoicePayment {
                mode_of_payment: "Cash".into(),
                amount: 20.0,
                ..InvoicePayment::default()
            }],
            total: 12.5,
            net_total: 12.5,
            grand_total: 13.75,
            paid_amount: 20.0,
            change_amount: 6.25,
            ..Invoice::default()
        };
        Sale {
            receipt_number: "K7-000042".into(),
            company: "Harbour Street Market".into(),
            customer_name: "Ada".into(),
            posted_local: "2026-11-23 09:05:00".into(),
            invoice,
            ..Sale::default()
        }
    }

    fn printed(sale: &Sale, template: &str) -> String {
        let document = serde_json::from_value(document(sale, "Mei Tanaka")).expect("the document can be printed");
        let format = PrintFormat { custom_format: 1, html: Some(template.into()), ..PrintFormat::default() };
        match render(&format, &document, &Arc::<Site>::default(), Limits::default()).expect("the format prints") {
            Printed::Html { body, .. } => body,
            Printed::Raw(_) => panic!("the format is HTML"),
        }
    }

    #[test]
    fn a_print_format_finds_erpnexts_fields() {
        let template = "{{ doc.name }}|{{ doc.owner }}|{{ doc.get_formatted('posting_date') }} {{ doc.posting_time }}|\
            {% for row in doc.items %}{{ row.idx }} {{ row.qty }} {{ row.serial_no|replace('\\n', ', ') }} \
            {{ row.get_formatted('amount') }}{% endfor %}|{% for row in doc.taxes %}{{ row.description }}@{{ row.rate }}% \
            {{ row.charge_type }} {{ row.get_formatted('tax_amount', doc) }}{% endfor %}|{{ doc.payments[0].amount }}|\
            {{ doc.change_amount }}|{{ doc.in_words }}|{{ doc.is_return }}|{{ doc.status }}|{{ doc.coupon_code }}";

        let printed = printed(&sale(), template);

        assert_eq!(
            printed,
            "K7-000042|Mei Tanaka|2026-11-23 9:05:00|1 2.0 S-1, S-2 USD 12.50|VAT@10.0% On Net Total USD 1.25|20.0|6.25|\
             USD Thirteen and Seventy Five Cent only.|0|Paid|None"
        );
    }

    #[test]
    fn a_return_names_the_document_it_returns_or_else_its_receipt() {
        let returned = |document: &str| {
            let returned =
                Returned { receipt_number: "K7-000012".into(), document: document.into(), ..Returned::default() };
            let invoice = Invoice { is_return: true, ..Invoice::default() };
            Sale { returned: Some(returned), invoice, ..sale() }
        };
        let template = "{{ doc.return_against }} {{ doc.is_return }}";

        assert_eq!(printed(&returned("ACC-PSINV-2026-00007"), template), "ACC-PSINV-2026-00007 1");
        assert_eq!(printed(&returned(""), template), "K7-000012 1");
    }
}
