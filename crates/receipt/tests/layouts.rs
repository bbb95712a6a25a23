//! Receipts as people read them: snapshots of whole layouts, and what must hold for any text.

mod samples;

use holdfast_receipt::{Paper, html, text};
use proptest::prelude::*;
use samples::{copy, goods_back, sale};

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
    insta::assert_snapshot!(samples::shift_report().text(Paper::Mm80));
}

#[test]
fn a_gift_receipt_says_nothing_of_money() {
    let gift = samples::sale().gift("Gift receipt");

    let text = text(&gift, Paper::Mm58);

    for money in ["2.40", "25.10", "VAT 7%", "50.00", "Total"] {
        assert!(!text.contains(money), "{text}");
        assert!(!html(&gift, Paper::Mm58).contains(&format!(">{money}")), "{money}");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_return_names_what_it_returns_and_an_exchange_has_both() {
    insta::assert_snapshot!(text(&samples::exchange(), Paper::Mm80));
}

#[test]
fn html_of_an_arabic_receipt_is_read_from_the_right() {
    let html = html(&samples::arabic(), Paper::Mm80);

    assert!(html.starts_with("<article class=\"receipt receipt-80\" lang=\"ar\" dir=\"rtl\">"), "{html}");
}

#[test]
fn an_x_report_has_totals_notes_and_room_to_sign() {
    let slip = samples::x_report();

    insta::assert_snapshot!(slip.text(Paper::Mm58));
    insta::assert_snapshot!(slip.html(Paper::Mm58).replace("><", ">\n<"));
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
