//! The bytes themselves.

use super::{Beep, CodePage, Printer, Raster, arabic, pages};
use crate::strip::Look;

const ESC: u8 = 0x1b;
const GS: u8 = 0x1d;

/// `ESC p`: a pulse of 50 ms to the drawer at the first pin, 500 ms rest.
pub(crate) const DRAWER: [u8; 5] = [ESC, b'p', 0, 25, 250];

/// Rows of a picture in one command; small printers have little memory.
const ROWS_MAX: usize = 256;

/// Writes commands, and knows what the printer is set to.
pub(crate) struct Encoder<'a> {
    printer: &'a Printer,
    is_right_to_left: bool,
    bytes: Vec<u8>,
    page: Option<CodePage>,
    look: Look,
}

impl<'a> Encoder<'a> {
    pub(crate) fn new(printer: &'a Printer, is_right_to_left: bool) -> Self {
        // Start afresh; and no Chinese, which many printers read two bytes at a time into until they are told.
        let bytes = vec![ESC, b'@', 0x1c, b'.'];
        Self { printer, is_right_to_left, bytes, page: None, look: crate::strip::PLAIN }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(crate) fn drawer(&mut self) {
        self.bytes.extend(DRAWER);
    }

    /// One line. Places at the edges come as spaces; the middle, too, so that all printers agree on it.
    pub(crate) fn line(&mut self, line: &str, look: Look) {
        self.set_look(look);
        let columns = if look.is_wide { self.printer.columns / 2 } else { self.printer.columns };
        let line = if self.is_right_to_left || look.is_reversed { padded(line, columns) } else { line.to_owned() };
        let line = arabic::visual(&line, self.is_right_to_left);
        // What is light on dark is a bar across the paper.
        self.text(if look.is_reversed { &line } else { line.trim_end() });
        self.bytes.push(b'\n');
    }

    fn text(&mut self, text: &str) {
        for (place, character) in text.char_indices() {
            let has = |page: &CodePage| page.byte(character);
            let byte = match (character, self.page.as_ref().and_then(has)) {
                (' '..='~', _) => Some(character as u8),
                (_, Some(byte)) => Some(byte),
                (_, None) => match pages::best_page(&text[place..], self.printer) {
                    Some((page, number)) => {
                        self.bytes.extend([ESC, b't', number]);
                        self.page = Some(page);
                        page.byte(character)
                    }
                    None => None,
                },
            };
            self.bytes.push(byte.unwrap_or(b'?'));
        }
    }

    fn set_look(&mut self, look: Look) {
        let size = |look: Look| u8::from(look.is_wide) << 4 | u8::from(look.is_tall);
        if size(look) != size(self.look) {
            self.bytes.extend([GS, b'!', size(look)]);
        }
        if look.is_bold != self.look.is_bold {
            self.bytes.extend([ESC, b'E', u8::from(look.is_bold)]);
        }
        if look.is_reversed != self.look.is_reversed {
            self.bytes.extend([GS, b'B', u8::from(look.is_reversed)]);
        }
        self.look = look;
    }

    /// A picture, in the middle of the paper (`GS v 0`).
    pub(crate) fn raster(&mut self, raster: &Raster) {
        self.set_look(crate::strip::PLAIN);
        let row = raster.row_bytes();
        if row == 0 || raster.width() > self.printer.dots {
            return;
        }
        self.bytes.extend([ESC, b'a', 1]);
        for rows in raster.bits().chunks(row * ROWS_MAX) {
            let [width, height] =
                [row, rows.len() / row].map(|size| u16::try_from(size).unwrap_or(u16::MAX).to_le_bytes());
            self.bytes.extend([GS, b'v', b'0', 0, width[0], width[1], height[0], height[1]]);
            self.bytes.extend_from_slice(rows);
        }
        self.bytes.extend([ESC, b'a', 0]);
    }

    /// A QR code that the printer draws (`GS ( k`): model 2, so many dots a module, level M.
    pub(crate) fn qr(&mut self, text: &str, size: u8) {
        self.set_look(crate::strip::PLAIN);
        self.bytes.extend([ESC, b'a', 1]);
        self.symbol(&[0x41, 50, 0]);
        self.symbol(&[0x43, size]);
        self.symbol(&[0x45, 49]);
        let mut store = vec![0x50, 48];
        store.extend_from_slice(text.as_bytes());
        self.symbol(&store);
        self.symbol(&[0x51, 48]);
        self.bytes.extend([b'\n', ESC, b'a', 0]);
    }

    fn symbol(&mut self, function: &[u8]) {
        let length = u16::try_from(function.len() + 1).unwrap_or(u16::MAX).to_le_bytes();
        self.bytes.extend([GS, b'(', b'k', length[0], length[1], 49]);
        self.bytes.extend_from_slice(function);
    }

    /// Feeds the last line out, cuts and beeps.
    pub(crate) fn end(&mut self, beeps: bool) {
        self.set_look(crate::strip::PLAIN);
        if self.printer.has_cutter {
            self.bytes.extend([GS, b'V', 66, 0]);
        } else {
            self.bytes.extend([ESC, b'd', 4]);
        }
        match (beeps, self.printer.beep) {
            (false, _) | (true, Beep::None) => {}
            (true, Beep::Plain) => self.bytes.extend([ESC, b'B', 2, 2]),
            (true, Beep::Epson) => self.bytes.extend([ESC, b'(', b'A', 4, 0, 48, 51, 2, 10]),
        }
    }
}

/// Spaces up to the paper's edge, so that a line ends there when it is turned around, or when it is a bar.
fn padded(line: &str, columns: usize) -> String {
    let width = unicode_width::UnicodeWidthStr::width(line);
    format!("{line}{}", " ".repeat(columns.saturating_sub(width)))
}
