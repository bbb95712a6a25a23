//! Base45 (RFC 9285): bytes in the characters that a QR code packs tightest.

const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Writes bytes: three characters for two bytes.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for pair in bytes.chunks(2) {
        let (mut value, digits) = match pair {
            [high, low] => (usize::from(*high) << 8 | usize::from(*low), 3),
            [byte] => (usize::from(*byte), 2),
            _ => unreachable!("chunks of two have one or two bytes"),
        };
        for _ in 0..digits {
            text.push(char::from(ALPHABET[value % 45]));
            value /= 45;
        }
    }
    text
}

/// Reads a text; `None` if it is no Base45.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for group in text.as_bytes().chunks(3) {
        let mut value = 0;
        for character in group.iter().rev() {
            value = value * 45 + ALPHABET.iter().position(|known| known == character)?;
        }
        if group.len() == 3 {
            bytes.extend(u16::try_from(value).ok()?.to_be_bytes());
        } else {
            let is_whole = group.len() == 2;
            bytes.push(u8::try_from(value).ok().filter(|_| is_whole)?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn the_examples_of_the_rfc_come_out() {
        assert_eq!([encode(b"AB"), encode(b"Hello!!"), encode(b"base-45")], ["BB8", "%69 VD92EX0", "UJCLQE7W581"]);
        assert_eq!(decode("QED8WEX0").as_deref(), Some(b"ietf!".as_slice()));
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in ["a", "B", "GGWGGW", ":::", "ÄÄ"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
