//! A receipt as bytes for a receipt printer: ESC/POS, as Epson wrote it down and nearly every other maker copied it.
//!
//! [`Printer`] says what the printer can do, [`print`] and [`print_slip`] give the bytes. Text goes out in the code page that
//! has its characters, else in plain Latin letters (`“` as `"`). What has neither (Burmese, Hindi, Chinese; Arabic where the
//! printer has no Arabic page) goes out as a picture: [`pictures_needed`] says which lines, the caller draws them (in a
//! browser, on a canvas) and gives them back as [`Raster`]s. A line without its picture is printed with question marks
//! rather than not at all.

mod arabic;
pub mod decode;
mod encoder;
mod pages;
mod plain;
mod raster;

pub use pages::CodePage;
pub use raster::Raster;

use crate::{
    Document, Slip,
    strip::{self, Look, Part},
};
use encoder::Encoder;
use qrcodegen::{QrCode, QrCodeEcc};
use std::collections::HashMap;

/// What a printer is and has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printer {
    /// Characters in a line of its usual font: 48 or 42 on 80 mm, 32 on 58 mm.
    pub columns: usize,
    /// Dots in a line: 576 or 512 on 80 mm, 384 on 58 mm.
    pub dots: usize,
    /// Its code pages, the preferred ones first, each with the number that the printer knows it by (`ESC t`).
    pub code_pages: Vec<(CodePage, u8)>,
    /// Whether it draws QR codes itself (`GS ( k`); else they go out as pictures.
    pub has_qr: bool,
    /// Whether it has a knife.
    pub has_cutter: bool,
    /// How it beeps.
    pub beep: Beep,
}

/// How a printer beeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beep {
    /// Not at all.
    #[default]
    None,
    /// `ESC B`: most makers other than Epson.
    Plain,
    /// `ESC ( A`: Epson's external buzzer.
    Epson,
}

impl Printer {
    /// An 80 mm printer with Epson's code pages.
    pub fn mm80() -> Self {
        Self {
            columns: 48,
            dots: 576,
            code_pages: CodePage::ALL.iter().map(|page| (*page, page.epson_number())).collect(),
            has_qr: true,
            has_cutter: true,
            beep: Beep::None,
        }
    }

    /// A 58 mm printer: narrower, and without a knife.
    pub fn mm58() -> Self {
        Self { columns: 32, dots: 384, has_cutter: false, ..Self::mm80() }
    }
}

/// What is printed with a receipt, and what happens at its end.
#[derive(Clone, Debug, Default)]
pub struct Extras<'a> {
    /// The shop's picture, over everything.
    pub logo: Option<&'a Raster>,
    /// Lines that only pictures can say, by what [`pictures_needed`] asked for.
    pub pictures: HashMap<Picture, Raster>,
    /// Whether the cash drawer opens.
    pub opens_drawer: bool,
    /// Whether the printer beeps.
    pub beeps: bool,
}

/// A line that a printer has no letters for. Drawn as wide as the paper, black on white.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Picture {
    /// What stands at the beginning of the line, on the right where the language is read from there; or in the middle.
    pub text: String,
    /// What stands at the other end.
    pub value: String,
    /// Whether the text stands in the middle.
    pub is_centred: bool,
    /// Whether it is bold.
    pub is_bold: bool,
    /// How many times as high as a usual line its letters are: 1 or 2.
    pub size: u8,
    /// Whether it is read from right to left.
    pub is_right_to_left: bool,
}

/// Opens the cash drawer, for when nothing is printed.
pub fn open_drawer() -> Vec<u8> {
    encoder::DRAWER.to_vec()
}

/// The lines of a receipt that a printer needs pictures for.
pub fn pictures_needed(document: &Document, printer: &Printer) -> Vec<Picture> {
    let is_right_to_left = document.is_right_to_left();
    let mut pictures = Vec::new();
    for part in strip::receipt(document) {
        let picture = picture(&part, printer, is_right_to_left).filter(|picture| !pictures.contains(picture));
        pictures.extend(picture);
    }
    pictures
}

/// The same for a report.
pub fn pictures_needed_by_slip(slip: &Slip, printer: &Printer) -> Vec<Picture> {
    let is_right_to_left = crate::document::is_right_to_left(&slip.language);
    strip::slip(slip).iter().filter_map(|part| picture(part, printer, is_right_to_left)).collect()
}

/// A receipt's bytes.
pub fn print(document: &Document, printer: &Printer, extras: &Extras<'_>) -> Vec<u8> {
    encode(&strip::receipt(document), printer, extras, document.is_right_to_left())
}

/// A report's bytes.
pub fn print_slip(slip: &Slip, printer: &Printer, extras: &Extras<'_>) -> Vec<u8> {
    encode(&strip::slip(slip), printer, extras, crate::document::is_right_to_left(&slip.language))
}

fn encode(parts: &[Part], printer: &Printer, extras: &Extras<'_>, is_right_to_left: bool) -> Vec<u8> {
    let mut encoder = Encoder::new(printer, is_right_to_left);
    // The drawer first: it must open even if the paper ends in the middle.
    if extras.opens_drawer {
        encoder.drawer();
    }
    for part in parts {
        let picture = picture(part, printer, is_right_to_left).and_then(|picture| extras.pictures.get(&picture));
        match (part, picture) {
            (_, Some(raster)) => encoder.raster(raster),
            (Part::Logo, None) => {
                if let Some(logo) = extras.logo {
                    encoder.raster(logo);
                }
            }
            (Part::Qr(text), None) => qr(&mut encoder, printer, text),
            (part, None) => text(&mut encoder, printer, part),
        }
    }
    encoder.end(extras.beeps);
    encoder.into_bytes()
}

/// The look of a part's lines.
fn look(part: &Part) -> Look {
    match part {
        Part::Words { look, .. } | Part::Pair { look, .. } => *look,
        _ => strip::PLAIN,
    }
}

/// The picture that a part needs, where the printer lacks its letters.
fn picture(part: &Part, printer: &Printer, is_right_to_left: bool) -> Option<Picture> {
    let (text, value) = match part {
        Part::Words { text, .. } => (text.clone(), String::new()),
        Part::Pair { label, value, .. } => (label.clone(), value.clone()),
        Part::Triple([first, second, third]) => (first.clone(), format!("{second}  {third}")),
        Part::Logo | Part::Rule | Part::Blank | Part::Qr(_) => return None,
    };
    if pages::printable(&text, printer).is_some() && pages::printable(&value, printer).is_some() {
        return None;
    }
    let look = look(part);
    Some(Picture {
        text,
        value,
        is_centred: look.is_centred,
        is_bold: look.is_bold,
        size: if look.is_tall { 2 } else { 1 },
        is_right_to_left,
    })
}

fn text(encoder: &mut Encoder<'_>, printer: &Printer, part: &Part) {
    let part = &pages::printable_part(part, printer);
    let mut look = look(part);
    // Letters of twice the width only where the words fit into one such line.
    let width = unicode_width::UnicodeWidthStr::width;
    let needed = match part {
        Part::Words { text, .. } => width(text.as_str()),
        // The label has room for eight letters, or the value would go below it.
        Part::Pair { label, value, .. } => width(label.as_str()).max(8) + 1 + width(value.as_str()),
        _ => 0,
    };
    look.is_wide &= needed <= printer.columns / 2;
    let columns = if look.is_wide { printer.columns / 2 } else { printer.columns };
    for line in strip::lines(part, columns) {
        encoder.line(&line, look);
    }
}

fn qr(encoder: &mut Encoder<'_>, printer: &Printer, text: &str) {
    // A text too long for a QR code prints without one.
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return };
    let modules = usize::try_from(code.size()).unwrap_or(0) + 8;
    // As large as half the paper, but never so small that a phone cannot read it.
    let size = (printer.dots / 2 / modules).clamp(3, 8).min(printer.dots / modules).max(1);
    if printer.has_qr {
        encoder.qr(text, u8::try_from(size).unwrap_or(3));
    } else {
        encoder.raster(&Raster::from_qr(&code, size));
    }
}
