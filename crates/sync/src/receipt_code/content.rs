//! What a receipt's code says of a sale, packed.
//!
//! Texts are in a table and named by number, amounts are a whole number and how many of its digits are decimals, and only what
//! ERPNext cannot work out again is there. Item names, weights and the like are the catalogue's.

use crate::{
    body::Sale,
    entry::Entry,
    ids::{Seq, ShiftId, TerminalId},
};
use holdfast_engine::{Date, Invoice, InvoiceItem, InvoicePayment, InvoiceTax, masters::ChargeType};
use serde::{Deserialize, Serialize};

/// A whole number and how many of its digits are decimals: 47.4 is `(474, 1)`. Exactly the double that it was made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Amount(i64, u8);

impl Amount {
    /// `None` where a double needs more digits than a whole number has.
    fn of(value: f64) -> Option<Self> {
        let text = holdfast_engine::decimal::to_text(value);
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let digits = format!("{whole}{decimals}").parse().ok()?;
        Some(Self(digits, u8::try_from(decimals.len()).ok()?))
    }

    fn value(self) -> Option<f64> {
        let digits = format!("{:0>width$}", self.0.unsigned_abs(), width = usize::from(self.1) + 1);
        let (whole, decimals) = digits.split_at(digits.len() - usize::from(self.1));
        let sign = if self.0 < 0 { "-" } else { "" };
        holdfast_engine::decimal::parse(&format!("{sign}{whole}.{decimals}0"))
    }
}

/// Everything that is signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) terminal: TerminalId,
    pub(super) seq: Seq,
    pub(super) mark: [u8; 4],
    pub(super) made_at_ms: i64,
    pub(super) shift: Option<ShiftId>,
    pub(super) is_complete: bool,
    texts: Vec<String>,
    employee: u8,
    /// Receipt number, wall clock, customer, currency, price list, tax template, return against this receipt.
    words: [u8; 7],
    is_return: bool,
    lines: Vec<Line>,
    taxes: Vec<Tax>,
    payments: Vec<(u8, u8, Amount)>,
    /// Grand total, rounded total, change, discount on the whole.
    sums: [Amount; 4],
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    /// Item, unit, batch, warehouse, tax template.
    words: [u8; 5],
    serials: Vec<u8>,
    factor: Amount,
    qty: Amount,
    list_rate: Amount,
    rate: Amount,
    amount: Amount,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Tax {
    account: u8,
    charge_type: ChargeType,
    is_included: bool,
    rate: Amount,
    amount: Amount,
}

/// Texts that are named by number. At most 255: a sale with more is told in less detail.
#[derive(Default)]
struct Texts(Vec<String>);

impl Texts {
    fn add(&mut self, text: &str) -> Option<u8> {
        let known = self.0.iter().position(|known| known == text);
        let at = known.unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        });
        u8::try_from(at).ok()
    }
}

impl Content {
    /// What is said of an entry; without lines where `is_complete` is false.
    pub(super) fn of(entry: &Entry, sale: &Sale, is_complete: bool) -> Option<Self> {
        let invoice = &sale.invoice;
        let mut texts = Texts::default();
        let returned = sale.returned.as_ref().map_or("", |returned| returned.receipt_number.as_str());
        let words = [
            &sale.receipt_number,
            &sale.posted_local,
            &invoice.customer,
            &invoice.currency,
            &invoice.selling_price_list,
            &invoice.taxes_and_charges,
            returned,
        ];
        let words = numbers(&mut texts, words)?;
        let employee = texts.add(entry.header.employee.as_deref().unwrap_or_default())?;
        let told = if is_complete { invoice.items.as_slice() } else { &[] };
        let lines = told.iter().map(|item| line(&mut texts, item)).collect::<Option<_>>()?;
        let taxes = invoice.taxes.iter().map(|it| tax(&mut texts, it)).collect::<Option<_>>()?;
        let paid = |it: &InvoicePayment| {
            Some((texts.add(&it.mode_of_payment)?, texts.add(&it.account)?, Amount::of(it.amount)?))
        };
        let payments = invoice.payments.iter().map(paid).collect::<Option<_>>()?;
        let sums = [
            Amount::of(invoice.grand_total)?,
            Amount::of(invoice.rounded_total)?,
            Amount::of(invoice.change_amount)?,
            Amount::of(invoice.discount_amount)?,
        ];
        let [a, b, c, d, ..] = entry.hash.0;
        Some(Self {
            terminal: entry.header.terminal,
            seq: entry.header.seq,
            mark: [a, b, c, d],
            made_at_ms: entry.header.made_at_ms,
            shift: entry.header.shift,
            is_complete,
            texts: texts.0,
            employee,
            words,
            is_return: invoice.is_return,
            lines,
            taxes,
            payments,
            sums,
        })
    }

    fn text(&self, at: u8) -> Option<String> {
        self.texts.get(usize::from(at)).cloned()
    }

    /// The employee, if one was signed in.
    pub(super) fn employee(&self) -> Option<String> {
        self.text(self.employee).filter(|name| !name.is_empty())
    }

    /// The sale, as far as it is told.
    pub(super) fn sale(&self) -> Option<Sale> {
        let [number, clock, customer, currency, price_list, template, returned] = self.words.map(|at| self.text(at));
        let [grand_total, rounded_total, change_amount, discount_amount] = self.sums.map(Amount::value);
        let (posted_local, returned) = (clock?, returned?);
        let paid = |(mode, account, amount): &(u8, u8, Amount)| {
            Some(InvoicePayment {
                mode_of_payment: self.text(*mode)?,
                account: self.text(*account)?,
                amount: amount.value()?,
                ..InvoicePayment::default()
            })
        };
        let payments = self.payments.iter().map(paid).collect::<Option<Vec<_>>>()?;
        let invoice = Invoice {
            customer: customer?,
            currency: currency?,
            selling_price_list: price_list?,
            taxes_and_charges: template?,
            posting_date: posted_local.get(..10).and_then(Date::parse).unwrap_or_default(),
            is_return: self.is_return,
            grand_total: grand_total?,
            rounded_total: rounded_total?,
            change_amount: change_amount?,
            discount_amount: discount_amount?,
            paid_amount: payments.iter().map(|payment| payment.amount).sum(),
            items: self.lines.iter().map(|it| self.item(it)).collect::<Option<_>>()?,
            taxes: self.taxes.iter().map(|it| self.tax(it)).collect::<Option<_>>()?,
            payments,
            ..Invoice::default()
        };
        let returned = (!returned.is_empty())
            .then(|| crate::body::Returned { receipt_number: returned, ..crate::body::Returned::default() });
        Some(Sale { receipt_number: number?, posted_local, invoice, returned, ..Sale::default() })
    }

    fn item(&self, line: &Line) -> Option<InvoiceItem> {
        let [item, uom, batch, warehouse, template] = line.words.map(|at| self.text(at));
        Some(InvoiceItem {
            item_code: item?,
            uom: uom?,
            batch_no: batch?,
            warehouse: warehouse?,
            item_tax_template: template?,
            serial_nos: line.serials.iter().map(|at| self.text(*at)).collect::<Option<_>>()?,
            conversion_factor: line.factor.value()?,
            qty: line.qty.value()?,
            price_list_rate: line.list_rate.value()?,
            rate: line.rate.value()?,
            amount: line.amount.value()?,
            ..InvoiceItem::default()
        })
    }

    fn tax(&self, tax: &Tax) -> Option<InvoiceTax> {
        Some(InvoiceTax {
            account_head: self.text(tax.account)?,
            charge_type: tax.charge_type,
            included_in_print_rate: tax.is_included,
            rate: tax.rate.value()?,
            tax_amount: tax.amount.value()?,
            ..InvoiceTax::default()
        })
    }
}

fn line(texts: &mut Texts, item: &InvoiceItem) -> Option<Line> {
    let words = [&item.item_code, &item.uom, &item.batch_no, &item.warehouse, &item.item_tax_template];
    Some(Line {
        words: numbers(texts, words.map(String::as_str))?,
        serials: item.serial_nos.iter().map(|serial| texts.add(serial)).collect::<Option<_>>()?,
        factor: Amount::of(item.conversion_factor)?,
        qty: Amount::of(item.qty)?,
        list_rate: Amount::of(item.price_list_rate)?,
        rate: Amount::of(item.rate)?,
        amount: Amount::of(item.amount)?,
    })
}

fn tax(texts: &mut Texts, tax: &InvoiceTax) -> Option<Tax> {
    Some(Tax {
        account: texts.add(&tax.account_head)?,
        charge_type: tax.charge_type,
        is_included: tax.included_in_print_rate,
        rate: Amount::of(tax.rate)?,
        // Sums of cents are printed to the cent; the last bits of a double are worth nothing here.
        amount: Amount::of((tax.tax_amount * 1e4).round() / 1e4)?,
    })
}

/// The numbers of texts.
fn numbers<const N: usize>(texts: &mut Texts, words: [&str; N]) -> Option<[u8; N]> {
    let mut numbers = [0; N];
    for (number, word) in numbers.iter_mut().zip(words) {
        *number = texts.add(word)?;
    }
    Some(numbers)
}
