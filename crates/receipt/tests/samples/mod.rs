//! Receipts and reports of a believable shop, for the tests and for drawing.
#![allow(dead_code, reason = "each of those that include this uses a part of it")]

pub mod draw;

use holdfast_receipt::{Document, Labels, Line, Row, Slip, SlipRow, TaxRow};

/// A sale with everything on it.
pub fn sale() -> Document {
    Document {
        shop: "Harbour Street Market".into(),
        address: vec!["1 Harbour Street".into(), "VAT No. IE1234567T".into()],
        title: "Receipt".into(),
        number: "K7-000042".into(),
        posted: "2026-11-23 14:05".into(),
        terminal: "Counter 1".into(),
        cashier: "Mei Tanaka".into(),
        lines: vec![
            line("Oat milk, 1 l", "2 Nos", "2.40", "4.80"),
            Line {
                notes: vec!["20% off, Cheese week".into(), "Batch B-2211".into()],
                ..line("Gruyère AOP, cut from the wheel and wrapped in paper", "0.35 Kg", "24.00", "8.40")
            },
            Line { is_free: true, ..line("Jute bag", "1 Nos", "0.00", "0.00") },
            line("龍井綠茶 二百克", "1 Box", "11.90", "11.90"),
        ],
        totals: vec![Row::new("Net total", "€ 22.04"), Row::new("VAT 7%", "€ 1.54"), Row::new("VAT 19%", "€ 1.52")],
        total: "€ 25.10".into(),
        payments: vec![Row::new("Card", "€ 5.10"), Row::new("Cash", "€ 50.00")],
        change: Some("€ 30.00".into()),
        taxes: vec![
            TaxRow { label: "VAT 7%".into(), net: "14.04".into(), tax: "1.54".into() },
            TaxRow { label: "VAT 19%".into(), net: "8.00".into(), tax: "1.52".into() },
        ],
        footer: vec!["Thank you, see you soon".into()],
        ..Document::default()
    }
}

/// The same, printed again.
pub fn copy() -> Document {
    Document { copy_mark: Some("COPY".into()), customer: Some("Seaside Café".into()), ..sale() }
}

/// A return.
pub fn goods_back() -> Document {
    Document {
        shop: "Harbour Street Market".into(),
        title: "Return".into(),
        number: "K7-000043".into(),
        posted: "2026-11-23 15:00".into(),
        lines: vec![Line {
            name: "Umbrella".into(),
            quantity: "-1 Nos".into(),
            rate: "19.90".into(),
            amount: "-19.90".into(),
            notes: vec!["from receipt K7-000012".into()],
            ..Line::default()
        }],
        total: "€ -19.90".into(),
        payments: vec![Row::new("Cash", "€ -19.90")],
        qr: Some("K7-000043".into()),
        ..Document::default()
    }
}

fn line(name: &str, quantity: &str, rate: &str, amount: &str) -> Line {
    Line { name: name.into(), quantity: quantity.into(), rate: rate.into(), amount: amount.into(), ..Line::default() }
}

/// Something brought back and something else taken.
pub fn exchange() -> Document {
    Document {
        title: "Exchange".into(),
        number: "K7-000051".into(),
        return_of: Some("K7-000042".into()),
        lines: vec![
            Line { notes: vec!["from receipt K7-000042".into()], ..line("Oat milk, 1 l", "-2 Nos", "2.40", "-4.80") },
            Line {
                notes: vec!["instead of 6.50 each: Winter sale".into()],
                ..line("Rooibos tea, loose", "2 Nos", "5.20", "10.40")
            },
        ],
        totals: vec![Row::new("Goods back", "€ -4.80"), Row::new("Goods sold", "€ 10.40")],
        total: "€ 5.60".into(),
        payments: vec![Row::new("Card", "€ 5.60")],
        change: None,
        saved: Some("€ 2.60".into()),
        account: vec![Row::new("Loyalty points earned", "5"), Row::new("Loyalty points now", "118")],
        taxes: Vec::new(),
        qr: Some("holdfast:K7-000051".into()),
        ..sale()
    }
}

/// Cyrillic, Polish and the euro on one receipt.
pub fn east() -> Document {
    Document {
        shop: "Магазин «Чай»".into(),
        address: vec!["ul. Łódzka 5, Gdańsk".into()],
        lines: vec![line("Чай чёрный", "2 шт", "3,50", "7,00"), line("Żurek śląski", "1 szt", "12,00", "12,00")],
        totals: Vec::new(),
        total: "19,00 €".into(),
        payments: vec![Row::new("Gotówka", "20,00 €")],
        change: Some("1,00 €".into()),
        taxes: Vec::new(),
        footer: vec!["Спасибо! Dziękujemy!".into()],
        ..sale()
    }
}

/// An Arabic receipt.
pub fn arabic() -> Document {
    let word = str::to_owned;
    Document {
        labels: Labels {
            language: word("ar"),
            number: word("رقم"),
            date: word("التاريخ"),
            terminal: word("الصندوق"),
            cashier: word("البائع"),
            total: word("المجموع"),
            change: word("الباقي"),
            ..Labels::default()
        },
        shop: "سوق الميناء".into(),
        address: vec!["شارع الميناء 12".into()],
        title: "فاتورة".into(),
        number: "K7-000042".into(),
        posted: "2026-11-23 14:05".into(),
        terminal: "1".into(),
        cashier: "ليلى".into(),
        lines: vec![line("حليب الشوفان", "2", "2.40", "4.80"), line("شاي أخضر (صغير)", "1", "11.90", "11.90")],
        total: "16.70".into(),
        payments: vec![Row::new("نقدا", "20.00")],
        change: Some("3.30".into()),
        footer: vec!["شكرا لزيارتكم".into()],
        ..Document::default()
    }
}

/// A Burmese receipt: no receipt printer has its letters.
pub fn burmese() -> Document {
    Document {
        shop: "ဆိပ်ကမ်းဈေး".into(),
        title: "ပြေစာ".into(),
        number: "K7-000042".into(),
        lines: vec![line("ကော်ဖီ", "2 Nos", "2,000", "4,000")],
        total: "4,000 Ks".into(),
        ..Document::default()
    }
}

/// The end of a shift.
pub fn shift_report() -> Slip {
    Slip {
        language: "en".into(),
        shop: "Harbour Street Market".into(),
        title: "Shift report".into(),
        lines: vec!["Counter 1, Mei Tanaka".into()],
        rows: vec![
            SlipRow::Amount("Sales".into(), "23".into()),
            SlipRow::Heading("Cash".into()),
            SlipRow::Amount("Expected".into(), "€ 312.20".into()),
            SlipRow::Amount("Counted".into(), "€ 310.20".into()),
            SlipRow::Amount("Difference".into(), "€ 2.00 missing".into()),
        ],
    }
}

/// In the middle of a shift, with its people and what happened.
pub fn x_report() -> Slip {
    let amount = |label: &str, value: &str| SlipRow::Amount(label.into(), value.into());
    Slip {
        language: "en".into(),
        shop: "Harbour Street Market".into(),
        title: "X report".into(),
        lines: vec!["Counter 1".into(), "2026-11-23 08:00 to 14:05".into()],
        rows: vec![
            SlipRow::Heading("Sales".into()),
            amount("Sales (23)", "€ 512.40"),
            amount("Returns (1)", "€ -19.90"),
            SlipRow::Total("Together".into(), "€ 492.50".into()),
            SlipRow::Heading("Cash".into()),
            amount("At the beginning", "€ 150.00"),
            amount("Taken", "€ 182.20"),
            amount("Paid out", "€ -20.00"),
            SlipRow::Note("for stamps, Jonas Okoye".into()),
            SlipRow::Total("Should be there".into(), "€ 312.20".into()),
            SlipRow::Signature("Amara Lindqvist".into()),
        ],
    }
}
