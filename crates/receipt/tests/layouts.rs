//! Receipts as people read them: snapshots of whole layouts, and what must hold for any text.

use holdfast_receipt::{Document, Line, Paper, Row, Slip, SlipRow, TaxRow, html, text};
use proptest::prelude::*;

fn sale() -> Document {
    let line = |name: &str, quantity: &str, rate: &str, amount: &str| Line {
        name: name.into(),
        quantity: quantity.into(),
        rate: rate.into(),
        amount: amount.into(),
        ..Line::default()
    };
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

fn copy() -> Document {
    Document { copy_mark: Some("COPY".into()), customer: Some("Seaside Café".into()), ..sale() }
}

fn goods_back() -> Document {
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

#[test]
fn a_sale_reads_well_on_wide_paper() {
    insta::assert_snapshot!(text(&sale(), Paper::Mm80));
}

#[test]
fn a_sale_reads_well_on_narrow_paper() {
    insta::assert_snapshot!(text(&sale(), Paper::Mm58));
}

#[test]
fn a_copy_says_so_at_both_ends() {
    insta::assert_snapshot!(text(&copy(), Paper::Mm80));
}

#[test]
fn a_return_shows_what_goes_back() {
    insta::assert_snapshot!(text(&goods_back(), Paper::Mm58));
}

#[test]
fn html_of_a_copy() {
    insta::assert_snapshot!(html(&copy(), Paper::Mm80).replace("><", ">\n<"));
}

#[test]
fn html_of_a_return_with_its_code() {
    let html = html(&goods_back(), Paper::Mm58);
    let (before, code) = html.split_once("<path d=\"").expect("the receipt has a QR code");

    assert!(code.starts_with("M4 4h1v1h-1z"), "a finder pattern begins at the corner of the quiet zone");
    insta::assert_snapshot!(before.replace("><", ">\n<"));
}

#[test]
fn a_shift_report_reads_well() {
    let slip = Slip {
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
    };

    insta::assert_snapshot!(slip.text(Paper::Mm80));
}

proptest! {
    #[test]
    fn no_text_breaks_out_of_its_place(words in ".{0,60}") {
        let mut document = copy();
        document.shop.clone_from(&words);
        document.lines[0].name.clone_from(&words);
        document.payments[0].label.clone_from(&words);
        document.labels.language.clone_from(&words);
        let plain = html(&copy(), Paper::Mm80);

        let html = html(&document, Paper::Mm80);

        prop_assert_eq!(html.matches('<').count(), plain.matches('<').count());
        prop_assert_eq!(html.matches('"').count(), plain.matches('"').count());
        prop_assert!(!html.contains("style="));
    }
}
