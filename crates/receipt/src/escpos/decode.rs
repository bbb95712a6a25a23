//! Reads a printer's bytes back: what would be on the paper. For tests, and for showing a receipt as it will be printed.

use super::{CodePage, Raster};
use thiserror::Error;

/// What a printer does, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A line of text.
    Line(Vec<Run>, Align),
    /// A picture.
    Picture(Raster, Align),
    /// A QR code, drawn by the printer.
    Qr {
        /// What it says.
        text: String,
        /// Dots a module.
        size: u8,
        /// Where it stands.
        align: Align,
    },
    /// So many empty lines.
    Feed(u8),
    /// The paper is cut.
    Cut,
    /// The cash drawer opens.
    Drawer,
    /// A beep.
    Beep,
}

/// Letters of one look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The letters, from left to right.
    pub text: String,
    /// Whether they are bold.
    pub is_bold: bool,
    /// Whether they are light on dark.
    pub is_reversed: bool,
    /// How many times as wide as usual.
    pub width: u8,
    /// How many times as high.
    pub height: u8,
}

/// Where a line stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

/// Why bytes cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// A command that is not known here.
    #[error("unknown command at byte {at}")]
    Unknown {
        /// Where it begins.
        at: usize,
    },
    /// The bytes end within a command.
    #[error("the bytes end within the command at byte {at}")]
    Cut {
        /// Where it begins.
        at: usize,
    },
}

/// Reads what [`super::print`] and its kin write, and raw print formats of the usual kind. `pages` are the printer's code
/// pages by their numbers; the first is in force at the beginning.
pub fn decode(bytes: &[u8], pages: &[(CodePage, u8)]) -> Result<Vec<Action>, Unreadable> {
    let mut decoder = Decoder { bytes, at: 0, pages, ..Decoder::default() };
    decoder.reset();
    while decoder.at < bytes.len() {
        decoder.step()?;
    }
    decoder.end_line(false);
    Ok(decoder.actions)
}

#[derive(Default)]
struct Decoder<'a> {
    bytes: &'a [u8],
    at: usize,
    pages: &'a [(CodePage, u8)],
    page: Option<CodePage>,
    look: Run,
    align: Align,
    line: Vec<Run>,
    qr_text: Vec<u8>,
    qr_size: u8,
    actions: Vec<Action>,
}

impl Decoder<'_> {
    fn reset(&mut self) {
        self.page = self.pages.first().map(|(page, _)| *page);
        self.look = Run { width: 1, height: 1, ..Run::default() };
        self.align = Align::Left;
        self.qr_size = 3;
    }

    /// The next bytes of the command that begins at `at`.
    fn take(&mut self, count: usize, at: usize) -> Result<&[u8], Unreadable> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.bytes.len()).ok_or(Unreadable::Cut { at })?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn one(&mut self, at: usize) -> Result<u8, Unreadable> {
        Ok(self.take(1, at)?[0])
    }

    fn step(&mut self) -> Result<(), Unreadable> {
        let at = self.at;
        match self.one(at)? {
            b'\n' => self.end_line(true),
            b'\r' => {}
            0x07 => self.act(Action::Beep),
            0x1b => self.escape(at)?,
            0x1c => match self.one(at)? {
                b'.' | b'&' => {}
                _ => return Err(Unreadable::Unknown { at }),
            },
            0x1d => self.group(at)?,
            byte if byte < b' ' => return Err(Unreadable::Unknown { at }),
            byte => self.letter(byte),
        }
        Ok(())
    }

    fn letter(&mut self, byte: u8) {
        let character = self.page.and_then(|page| page.character(byte)).unwrap_or('\u{fffd}');
        let same = |run: &Run| Run { text: String::new(), ..run.clone() } == self.look;
        match self.line.last_mut() {
            Some(run) if same(run) => run.text.push(character),
            _ => self.line.push(Run { text: character.to_string(), ..self.look.clone() }),
        }
    }

    fn end_line(&mut self, is_ended: bool) {
        if is_ended || !self.line.is_empty() {
            let line = std::mem::take(&mut self.line);
            self.actions.push(Action::Line(line, self.align));
        }
    }

    fn act(&mut self, action: Action) {
        self.end_line(false);
        self.actions.push(action);
    }

    fn escape(&mut self, at: usize) -> Result<(), Unreadable> {
        match self.one(at)? {
            b'@' => self.reset(),
            b't' => {
                let number = self.one(at)?;
                self.page = self.pages.iter().find(|(_, other)| *other == number).map(|(page, _)| *page);
            }
            b'a' => {
                self.align = match self.one(at)? & 3 {
                    1 => Align::Centre,
                    2 => Align::Right,
                    _ => Align::Left,
                };
            }
            b'E' | b'G' => self.look.is_bold = self.one(at)? & 1 == 1,
            b'!' => {
                let mode = self.one(at)?;
                self.look.is_bold = mode & 0x08 != 0;
                self.look.height = if mode & 0x10 == 0 { 1 } else { 2 };
                self.look.width = if mode & 0x20 == 0 { 1 } else { 2 };
            }
            // Underline, fonts, spacing, character sets: nothing of them is drawn here.
            b'-' | b'M' | b'R' | b'3' | b' ' | b'{' => {
                self.one(at)?;
            }
            b'2' => {}
            b'd' => {
                let lines = self.one(at)?;
                self.act(Action::Feed(lines));
            }
            b'p' => {
                self.take(3, at)?;
                self.act(Action::Drawer);
            }
            b'B' => {
                self.take(2, at)?;
                self.act(Action::Beep);
            }
            b'(' => {
                let is_buzzer = self.one(at)? == b'A';
                self.parameters(at)?;
                if is_buzzer {
                    self.act(Action::Beep);
                }
            }
            b'i' | b'm' => self.act(Action::Cut),
            _ => return Err(Unreadable::Unknown { at }),
        }
        Ok(())
    }

    /// Parameters behind their own length.
    fn parameters(&mut self, at: usize) -> Result<Vec<u8>, Unreadable> {
        let length = self.take(2, at)?;
        let length = usize::from(u16::from_le_bytes([length[0], length[1]]));
        Ok(self.take(length, at)?.to_vec())
    }

    fn group(&mut self, at: usize) -> Result<(), Unreadable> {
        match self.one(at)? {
            b'!' => {
                let size = self.one(at)?;
                self.look.width = (size >> 4 & 7) + 1;
                self.look.height = (size & 7) + 1;
            }
            b'B' => self.look.is_reversed = self.one(at)? & 1 == 1,
            b'V' => {
                if self.one(at)? >= 65 {
                    self.one(at)?;
                }
                self.act(Action::Cut);
            }
            b'v' => self.picture(at)?,
            b'(' => {
                if self.one(at)? != b'k' {
                    return Err(Unreadable::Unknown { at });
                }
                let parameters = self.parameters(at)?;
                self.symbol(&parameters);
            }
            _ => return Err(Unreadable::Unknown { at }),
        }
        Ok(())
    }

    fn picture(&mut self, at: usize) -> Result<(), Unreadable> {
        let head = self.take(6, at)?;
        let [row, height] = [[head[2], head[3]], [head[4], head[5]]].map(u16::from_le_bytes).map(usize::from);
        let bits = self.take(row * height, at)?.to_vec();
        let raster = Raster::from_bits(row * 8, height, bits).ok_or(Unreadable::Unknown { at })?;
        // A tall picture comes in slices.
        if let (Some(Action::Picture(above, align)), true) = (self.actions.last_mut(), self.line.is_empty())
            && above.width() == raster.width()
            && *align == self.align
            && let Some(whole) = above.below(&raster)
        {
            *above = whole;
            return Ok(());
        }
        let align = self.align;
        self.act(Action::Picture(raster, align));
        Ok(())
    }

    fn symbol(&mut self, parameters: &[u8]) {
        match parameters {
            [49, 0x43, size] => self.qr_size = *size,
            [49, 0x50, 48, text @ ..] => self.qr_text = text.to_vec(),
            [49, 0x51, 48] => {
                let text = String::from_utf8_lossy(&self.qr_text).into_owned();
                let (size, align) = (self.qr_size, self.align);
                self.act(Action::Qr { text, size, align });
            }
            _ => {}
        }
    }
}
