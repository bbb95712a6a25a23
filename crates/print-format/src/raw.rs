//! What a raw format prints, as bytes: one character is one byte, as a print driver would send it.

use crate::Refusal;

/// Windows-1252 beyond Latin-1, from 0x80 on; a blank has no character.
const WINDOWS: &str = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";

/// The bytes of a text.
pub(crate) fn bytes(text: &str) -> Result<Vec<u8>, Refusal> {
    text.chars().map(|character| byte(character).ok_or(Refusal::NoByte { character })).collect()
}

fn byte(character: char) -> Option<u8> {
    u8::try_from(u32::from(character)).ok().or_else(|| {
        let place = WINDOWS.chars().position(|other| other == character)?;
        u8::try_from(0x80 + place).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::{Refusal, bytes};

    #[test]
    fn a_character_is_a_byte_or_refused() {
        assert_eq!(bytes("\u{1b}@Tée €\u{ff}"), Ok(b"\x1b@T\xe9e \x80\xff".to_vec()));
        assert_eq!(bytes("茶"), Err(Refusal::NoByte { character: '茶' }));
    }
}
