//! Draws a printer's bytes: a dot of the printer is a unit, a letter of its usual font 12 by 24 dots.

use holdfast_receipt::{
    Document,
    escpos::{
        Extras, Picture, Printer, Raster,
        decode::{Action, Align, Run, decode},
        pictures_needed, print, print_slip,
    },
};
use qrcodegen::{QrCode, QrCodeEcc};
use std::{collections::HashMap, fmt::Write};
use unicode_width::UnicodeWidthChar;

const LETTER: (usize, usize) = (12, 24);
const LINE: usize = 30;
const MARGIN: usize = 24;

/// The samples as they come out of the printer: names and SVGs.
pub fn pictures_of_paper() -> Vec<(String, String)> {
    let (wide, narrow) = (Printer::mm80(), Printer::mm58());
    let without_qr = Printer { has_qr: false, ..narrow.clone() };
    let logo = logo();
    let with_logo = Extras { logo: Some(&logo), opens_drawer: true, ..Extras::default() };
    let none = Extras::default();
    let burmese = super::burmese();
    let drawn = Extras { pictures: pictures(&burmese, &narrow), ..Extras::default() };
    let receipts = [
        ("sale-80", &wide, print(&super::sale(), &wide, &with_logo)),
        ("copy-58", &narrow, print(&super::copy(), &narrow, &none)),
        ("return-58", &without_qr, print(&super::goods_back(), &without_qr, &none)),
        ("exchange-80", &wide, print(&super::exchange(), &wide, &none)),
        ("gift-58", &narrow, print(&super::sale().gift("Gift receipt"), &narrow, &none)),
        ("code-pages-58", &narrow, print(&super::east(), &narrow, &none)),
        ("arabic-80", &wide, print(&super::arabic(), &wide, &none)),
        ("burmese-58", &narrow, print(&burmese, &narrow, &drawn)),
        ("x-report-80", &wide, print_slip(&super::x_report(), &wide, &none)),
    ];
    let draw = |(name, printer, bytes): (&str, &Printer, Vec<u8>)| {
        let actions = decode(&bytes, &printer.code_pages).expect("what is written can be read");
        (format!("paper-{name}.svg"), svg(&actions, printer.dots))
    };
    receipts.into_iter().map(draw).collect()
}

/// The pictures of a receipt's lines, as a browser's canvas drew them.
fn pictures(document: &Document, printer: &Printer) -> HashMap<Picture, Raster> {
    let files: [&[u8]; 3] =
        [include_bytes!("burmese-shop.pbm"), include_bytes!("burmese-title.pbm"), include_bytes!("burmese-item.pbm")];
    let rasters = files.into_iter().filter_map(portable_bitmap);
    pictures_needed(document, printer).into_iter().zip(rasters).collect()
}

/// Reads a bitmap of the simplest kind: `P4`, its size, its bits.
fn portable_bitmap(file: &[u8]) -> Option<Raster> {
    let mut parts = file.splitn(3, |byte| *byte == b'\n');
    let is_bitmap = parts.next()? == b"P4";
    let size = std::str::from_utf8(parts.next()?).ok()?;
    let (width, height) = size.split_once(' ')?;
    let raster = Raster::from_bits(width.parse().ok()?, height.parse().ok()?, parts.next()?.to_vec());
    raster.filter(|_| is_bitmap)
}

/// A picture as a shop might have one: a wave in a ring.
fn logo() -> Raster {
    let size = 120_usize;
    let mut raster = Raster::white(size, size);
    for y in 0..size {
        for x in 0..size {
            let [dx, dy] = [x, y].map(|at| at as f64 - 59.5);
            let distance = dx.hypot(dy);
            let wave = (dx / 9.0).sin() * 8.0;
            let is_ring = (50.0..57.0).contains(&distance);
            let is_wave = distance < 46.0 && [-20.0, 0.0, 20.0].iter().any(|middle| (dy - middle - wave).abs() < 4.0);
            if is_ring || is_wave {
                raster.set(x, y);
            }
        }
    }
    raster
}

fn svg(actions: &[Action], dots: usize) -> String {
    let mut body = String::new();
    let mut y = MARGIN;
    for action in actions {
        y += match action {
            Action::Line(runs, align) => line(&mut body, runs, *align, dots, y),
            Action::Picture(raster, align) => picture(&mut body, raster, *align, dots, y),
            Action::Qr { text, size, align } => qr(&mut body, text, usize::from(*size), *align, dots, y),
            Action::Feed(lines) => usize::from(*lines) * LINE,
            Action::Cut => cut(&mut body, dots, y),
            Action::Drawer | Action::Beep => 0,
        };
    }
    let (width, height) = (dots + 2 * MARGIN, y + MARGIN);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <g font-family=\"DejaVu Sans Mono, monospace\" font-size=\"20\" unicode-bidi=\"bidi-override\">\n{body}</g></svg>\n"
    )
}

/// Where something begins that is so many dots wide.
fn start(align: Align, width: usize, dots: usize) -> usize {
    let space = dots.saturating_sub(width);
    MARGIN
        + match align {
            Align::Left => 0,
            Align::Centre => space / 2,
            Align::Right => space,
        }
}

fn run_width(run: &Run) -> usize {
    run.text.chars().filter_map(UnicodeWidthChar::width).sum::<usize>() * LETTER.0 * usize::from(run.width)
}

fn line(out: &mut String, runs: &[Run], align: Align, dots: usize, y: usize) -> usize {
    let mut x = start(align, runs.iter().map(run_width).sum(), dots);
    let tall = runs.iter().map(|run| usize::from(run.height)).max().unwrap_or(1);
    let height = LETTER.1 * tall;
    for run in runs {
        let (width, scale) = (run_width(run), (usize::from(run.width), usize::from(run.height)));
        let ink = if run.is_reversed { "#fff" } else { "#000" };
        if run.is_reversed {
            push(out, format_args!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"));
        }
        for word in run.text.split_inclusive(' ') {
            let letters = word.trim_end();
            if !letters.is_empty() {
                let base = y + height - 6 * scale.1;
                let weight = if run.is_bold { " font-weight=\"bold\"" } else { "" };
                let mut at = 0;
                let places: Vec<String> = letters
                    .chars()
                    .map(|letter| {
                        let place = at.to_string();
                        at += letter.width().unwrap_or(0) * LETTER.0;
                        place
                    })
                    .collect();
                push(
                    out,
                    format_args!(
                        "<text transform=\"translate({x} {base}) scale({} {})\" x=\"{}\" fill=\"{ink}\"{weight}>{}</text>\n",
                        scale.0,
                        scale.1,
                        places.join(" "),
                        letters.chars().map(escaped).collect::<String>(),
                    ),
                );
            }
            x += word.chars().filter_map(UnicodeWidthChar::width).sum::<usize>() * LETTER.0 * scale.0;
        }
    }
    height + LINE - LETTER.1
}

fn picture(out: &mut String, raster: &Raster, align: Align, dots: usize, y: usize) -> usize {
    let x = start(align, raster.width(), dots);
    let mut path = String::new();
    for row in 0..raster.height() {
        let mut column = 0;
        while column < raster.width() {
            let length = (column..raster.width()).take_while(|dot| raster.is_black(*dot, row)).count();
            if length > 0 {
                push(&mut path, format_args!("M{} {}h{length}v1h-{length}z", x + column, y + row));
            }
            column += length.max(1);
        }
    }
    push(out, format_args!("<path d=\"{path}\"/>"));
    raster.height() + 6
}

fn qr(out: &mut String, text: &str, size: usize, align: Align, dots: usize, y: usize) -> usize {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return 0 };
    let modules = usize::try_from(code.size()).unwrap_or(0);
    let mut raster = Raster::white(modules * size, modules * size);
    for row in 0..modules * size {
        for column in 0..modules * size {
            let module = |dot: usize| i32::try_from(dot / size).unwrap_or(0);
            if code.get_module(module(column), module(row)) {
                raster.set(column, row);
            }
        }
    }
    picture(out, &raster, align, dots, y + 4 * size) + 8 * size
}

fn cut(out: &mut String, dots: usize, y: usize) -> usize {
    let (end, y) = (dots + 2 * MARGIN, y + LINE);
    push(out, format_args!("<path d=\"M0 {y}H{end}\" stroke=\"#999\" stroke-width=\"2\" stroke-dasharray=\"8 6\"/>"));
    LINE
}

fn push(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    out.write_fmt(arguments).expect("a string takes everything");
}

fn escaped(letter: char) -> String {
    match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        letter => letter.to_string(),
    }
}
