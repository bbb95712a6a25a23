//! A printer's bytes, read back: what is on the paper, and what must hold for any text.

mod samples;

use holdfast_receipt::{
    Document,
    escpos::{
        Beep, CodePage, Extras, Printer, Raster,
        decode::{Action, Align, Run, decode},
        pictures_needed, print, print_slip,
    },
};
use proptest::prelude::*;
use std::{collections::HashMap, fmt::Write};
use unicode_width::UnicodeWidthStr;

/// The paper in words: each line in its place, with its look in brackets at the end.
fn paper(bytes: &[u8], printer: &Printer) -> String {
    let actions = decode(bytes, &printer.code_pages).expect("what is written can be read");
    let mut out = String::new();
    for action in actions {
        match action {
            Action::Line(runs, align) => {
                let text: String = runs.iter().map(|run| run.text.as_str()).collect();
                let look = runs.first().map(look).unwrap_or_default();
                writeln!(out, "{}{look}", if align == Align::Left { text } else { format!("{align:?}: {text}") })
            }
            Action::Picture(raster, align) => {
                writeln!(out, "[picture {}×{} {align:?}]", raster.width(), raster.height())
            }
            Action::Qr { text, size, align } => writeln!(out, "[QR {text:?} {size} dots {align:?}]"),
            other => writeln!(out, "[{other:?}]"),
        }
        .expect("a string takes everything");
    }
    out
}

fn look(run: &Run) -> String {
    let looks =
        [(run.is_bold, "bold"), (run.is_reversed, "reversed"), (run.width > 1, "wide"), (run.height > 1, "tall")];
    let looks: Vec<&str> = looks.iter().filter(|(has, _)| *has).map(|(_, look)| *look).collect();
    if looks.is_empty() { String::new() } else { format!("  [{}]", looks.join(" ")) }
}

fn plain(document: &Document, printer: &Printer) -> String {
    paper(&print(document, printer, &Extras::default()), printer)
}

#[test]
fn a_sale_on_wide_paper() {
    let extras = Extras { opens_drawer: true, beeps: true, ..Extras::default() };
    let printer = Printer { beep: Beep::Epson, ..Printer::mm80() };

    insta::assert_snapshot!(paper(&print(&samples::sale(), &printer, &extras), &printer));
}

#[test]
fn a_return_on_narrow_paper() {
    insta::assert_snapshot!(plain(&samples::goods_back(), &Printer::mm58()));
}

#[test]
fn a_copy_is_marked_light_on_dark() {
    let paper = plain(&samples::copy(), &Printer::mm80());

    let bar = format!("{0}*** COPY ***{0}  [bold reversed]", " ".repeat(18));
    assert_eq!(paper.matches(&bar).count(), 2, "{paper}");
}

#[test]
fn each_text_goes_out_in_the_page_that_has_it() {
    let paper = plain(&samples::east(), &Printer::mm58());

    for text in
        ["Магазин «Чай»", "ul. Łódzka 5, Gdańsk", "Чай чёрный", "Żurek śląski", "19,00 €", "Спасибо! Dziękujemy!"]
    {
        let is_there = paper.contains(text) || paper.contains(&text.replace(['«', '»'], "\""));
        assert!(is_there, "{text} is not in\n{paper}");
    }
}

#[test]
fn arabic_comes_joined_and_in_the_order_of_the_eye() {
    insta::assert_snapshot!(plain(&samples::arabic(), &Printer::mm58()));
}

#[test]
fn a_report_is_printed_as_well() {
    let printer = Printer::mm58();

    insta::assert_snapshot!(paper(&print_slip(&samples::x_report(), &printer, &Extras::default()), &printer));
}

#[test]
fn what_no_page_has_is_asked_for_as_a_picture_and_printed_as_one() {
    let (document, printer) = (samples::burmese(), Printer::mm58());
    let needed = pictures_needed(&document, &printer);
    let texts: Vec<&str> = needed.iter().map(|picture| picture.text.as_str()).collect();
    assert_eq!(texts, ["ဆိပ်ကမ်းဈေး", "ပြေစာ", "ကော်ဖီ"]);
    let pictures: HashMap<_, _> = needed.into_iter().map(|picture| (picture, Raster::white(384, 300))).collect();

    let with = paper(&print(&document, &printer, &Extras { pictures, ..Extras::default() }), &printer);
    let without = plain(&document, &printer);

    assert_eq!(with.matches("[picture 384×300 Centre]").count(), 3, "{with}");
    assert!(without.contains('?') && without.contains("4,000 Ks"), "{without}");
}

#[test]
fn a_printer_without_qr_codes_gets_a_picture_of_one() {
    let printer = Printer { has_qr: false, ..Printer::mm58() };

    let paper = plain(&samples::goods_back(), &printer);

    assert!(paper.contains("[picture 176×174 Centre]"), "{paper}");
    assert!(!paper.contains("[QR"), "{paper}");
}

#[test]
fn a_logo_comes_first_and_one_wider_than_the_paper_is_left_out() {
    let logo = Raster::white(200, 80);
    let wide = Raster::white(400, 80);
    let paper_with = |logo| {
        let printer = Printer::mm58();
        paper(&print(&samples::sale(), &printer, &Extras { logo: Some(logo), ..Extras::default() }), &printer)
    };

    assert!(paper_with(&logo).starts_with("[picture 200×80 Centre]"));
    assert!(!paper_with(&wide).contains("[picture"));
}

#[test]
fn no_text_gives_orders_to_the_printer() {
    let mut document = samples::sale();
    document.shop = "Shop\u{1b}p\u{0}\u{19}\u{fa}\u{1d}V\u{0}".into();
    let printer = Printer::mm80();

    let paper = plain(&document, &printer);

    assert_eq!(paper.matches("[Cut]").count(), 1, "{paper}");
    assert!(!paper.contains("[Drawer]"), "{paper}");
}

#[test]
fn the_pictures_in_the_documentation_are_what_is_printed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/screens/");

    for (name, picture) in samples::draw::pictures_of_paper() {
        let shown = std::fs::read_to_string(format!("{folder}{name}")).unwrap_or_default();

        assert!(shown == picture, "{name}: cargo run -p holdfast-receipt --example draw -- docs/screens");
    }
}

proptest! {
    #[test]
    fn any_receipt_can_be_read_back_and_fits_the_paper(
        words in "\\PC{0,40}",
        odd in ".{0,20}",
        arabic in "[ء-ي٠-٩ a-c0-9()]{0,24}",
        is_narrow in any::<bool>(),
        page in prop::sample::select(CodePage::ALL.to_vec()),
    ) {
        let mut document = samples::copy();
        document.shop.clone_from(&words);
        document.lines[0].name.clone_from(&odd);
        document.lines[1].name.clone_from(&arabic);
        document.totals[0].label.clone_from(&arabic);
        document.payments[0].label.clone_from(&words);
        document.footer = vec![odd];
        let printer = if is_narrow { Printer::mm58() } else { Printer::mm80() };
        let printer = Printer { code_pages: vec![(page, page.epson_number())], ..printer };

        let bytes = print(&document, &printer, &Extras::default());

        let actions = decode(&bytes, &printer.code_pages);
        for action in actions.expect("what is written can be read") {
            if let Action::Line(runs, _) = action {
                let columns: usize = runs.iter().map(|run| run.text.width() * usize::from(run.width)).sum();
                prop_assert!(columns <= printer.columns, "{runs:?}");
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(
        prop_oneof![any::<u8>(), prop::sample::select(b"\x1b\x1d\x1c\n@tabEGV!(kvpdB\x00\x01A".to_vec())], 0..200)
    ) {
        let printer = Printer::mm80();

        if let Ok(actions) = decode(&bytes, &printer.code_pages) {
            prop_assert!(actions.len() <= bytes.len());
        }
    }
}
