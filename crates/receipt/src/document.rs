//! What a receipt says, before it is laid out.

/// A receipt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The words around the values.
    pub labels: Labels,
    /// The shop or company, large at the top.
    pub shop: String,
    /// Address, phone, tax number: one line each.
    pub address: Vec<String>,
    /// What it is: `Receipt`, `Return`, `Exchange`, `Gift receipt`.
    pub title: String,
    /// Whether it goes with a present: no prices, no payments, no taxes.
    pub is_gift: bool,
    /// Its number.
    pub number: String,
    /// Said over the title and under the last line where this is not the first print: `COPY`.
    pub copy_mark: Option<String>,
    /// The receipt that is returned, where this is a return.
    pub return_of: Option<String>,
    /// Date and time of the sale.
    pub posted: String,
    /// The terminal.
    pub terminal: String,
    /// Who sold it.
    pub cashier: String,
    /// Who bought it; `None` for somebody passing by.
    pub customer: Option<String>,
    /// What was sold.
    pub lines: Vec<Line>,
    /// Subtotal, discounts, taxes, rounding: what leads to the total.
    pub totals: Vec<Row>,
    /// What was to be paid.
    pub total: String,
    /// What was paid by which mode.
    pub payments: Vec<Row>,
    /// What went back.
    pub change: Option<String>,
    /// What is still owed.
    pub outstanding: Option<String>,
    /// What the discounts made together.
    pub saved: Option<String>,
    /// Taxes by rate.
    pub taxes: Vec<TaxRow>,
    /// Loyalty points, store credit, gift cards: what the customer has now.
    pub account: Vec<Row>,
    /// Closing words, one line each.
    pub footer: Vec<String>,
    /// What the QR code at the end says; none without.
    pub qr: Option<String>,
}

/// A line of a receipt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The item's name.
    pub name: String,
    /// How many of what.
    pub quantity: String,
    /// The price of one.
    pub rate: String,
    /// What the line costs.
    pub amount: String,
    /// Discounts, batch and serial numbers, one line each.
    pub notes: Vec<String>,
    /// Whether it was given away.
    pub is_free: bool,
}

/// A label and an amount.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub label: String,
    /// How much.
    pub amount: String,
}

impl Row {
    /// A row.
    pub fn new(label: impl Into<String>, amount: impl Into<String>) -> Self {
        Self { label: label.into(), amount: amount.into() }
    }
}

/// A row of the table of taxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxRow {
    /// Which tax.
    pub label: String,
    /// What it is computed on.
    pub net: String,
    /// How much tax.
    pub tax: String,
}

/// The words around the values. A translation is another value of this type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the word of its own name")]
pub struct Labels {
    pub language: String,
    pub number: String,
    pub return_of: String,
    pub date: String,
    pub terminal: String,
    pub cashier: String,
    pub customer: String,
    pub free: String,
    pub total: String,
    pub change: String,
    pub outstanding: String,
    pub saved: String,
    pub tax: String,
    pub net: String,
    pub amount: String,
}

impl Default for Labels {
    fn default() -> Self {
        let word = str::to_owned;
        Self {
            language: word("en"),
            number: word("No."),
            return_of: word("Return of"),
            date: word("Date"),
            terminal: word("Terminal"),
            cashier: word("Cashier"),
            customer: word("Customer"),
            free: word("free"),
            total: word("Total"),
            change: word("Change"),
            outstanding: word("Still to pay"),
            saved: word("You saved"),
            tax: word("Tax"),
            net: word("Net"),
            amount: word("Amount"),
        }
    }
}

impl Document {
    /// The rows under the title: number, date, terminal, cashier, customer; those that have a value.
    pub(crate) fn head_rows(&self) -> Vec<Row> {
        let labels = &self.labels;
        [
            (&labels.number, self.number.as_str()),
            (&labels.return_of, self.return_of.as_deref().unwrap_or_default()),
            (&labels.date, &self.posted),
            (&labels.terminal, &self.terminal),
            (&labels.cashier, &self.cashier),
            (&labels.customer, self.customer.as_deref().unwrap_or_default()),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| Row::new(label, value))
        .collect()
    }

    /// The rows under the total: payments, change, what is still owed.
    pub(crate) fn payment_rows(&self) -> Vec<Row> {
        let change = self.change.iter().map(|amount| Row::new(&self.labels.change, amount));
        let outstanding = self.outstanding.iter().map(|amount| Row::new(&self.labels.outstanding, amount));
        self.payments.iter().cloned().chain(change).chain(outstanding).collect()
    }

    /// What stands under an item's name: `2 Nos × 3.50`, and what stands at the end of the line.
    pub(crate) fn sum(&self, line: &Line) -> (String, String) {
        if self.is_gift {
            (line.quantity.clone(), String::new())
        } else if line.is_free {
            (line.quantity.clone(), self.labels.free.clone())
        } else {
            (format!("{} × {}", line.quantity, line.rate), line.amount.clone())
        }
    }

    /// The receipt that goes with a present: what and how many, and the number to exchange it by; nothing of money.
    #[must_use]
    pub fn gift(&self, title: impl Into<String>) -> Self {
        let line = |line: &Line| Line { rate: String::new(), amount: String::new(), notes: Vec::new(), ..line.clone() };
        Self {
            title: title.into(),
            is_gift: true,
            lines: self.lines.iter().map(line).collect(),
            totals: Vec::new(),
            total: String::new(),
            payments: Vec::new(),
            change: None,
            outstanding: None,
            saved: None,
            taxes: Vec::new(),
            account: Vec::new(),
            ..self.clone()
        }
    }

    /// Whether its language is written from right to left.
    pub fn is_right_to_left(&self) -> bool {
        is_right_to_left(&self.labels.language)
    }
}

/// Whether a language is written from right to left.
pub(crate) fn is_right_to_left(language: &str) -> bool {
    let language = language.split(['-', '_']).next().unwrap_or_default();
    ["ar", "fa", "he", "ps", "ur", "yi"].contains(&language)
}
