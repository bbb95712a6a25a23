//! Passwords and PINs: Argon2id verifiers, compared in constant time.

use argon2::{Algorithm, Argon2, Params, Version};
use holdfast_store::{PinRow, Verifier};

/// Memory in KiB.
pub const MEMORY_KIB: u32 = 19 * 1024;

/// Passes over the memory.
pub const PASSES: u32 = 2;

/// Lanes.
pub const LANES: u32 = 1;

/// Makes a verifier with a fresh salt.
pub fn verifier(secret: &str) -> Verifier {
    let mut salt = vec![0; 16];
    getrandom::fill(&mut salt).expect("the operating system gives random bytes");
    let verifier = derive(secret, &salt);
    Verifier { salt, verifier }
}

/// Whether a secret is the one a verifier was made from.
pub fn matches(secret: &str, expected: &Verifier) -> bool {
    let derived = derive(secret, &expected.salt);
    let difference = derived.iter().zip(&expected.verifier).fold(0, |all, (a, b)| all | (a ^ b));
    derived.len() == expected.verifier.len() && difference == 0
}

/// Shortest password of a console account.
const PASSWORD_CHARACTERS_MIN: usize = 10;

/// Passwords that everybody tries first.
const COMMON: [&str; 12] = [
    "password",
    "passwort",
    "holdfast",
    "erpnext",
    "1234567890",
    "0123456789",
    "qwertyuiop",
    "qwertzuiop",
    "administrator",
    "welcome",
    "letmein",
    "changeme",
];

/// Whether a new password is one to accept; what to say if it is not.
pub fn good_password(account: &str, password: &str, again: &str) -> Result<(), &'static str> {
    let folded = password.to_lowercase();
    let rest = COMMON.iter().fold(folded.clone(), |rest, common| rest.replace(common, ""));
    if account.trim().is_empty() {
        Err("An account needs a name.")
    } else if password != again {
        Err("The two passwords are not the same.")
    } else if password.chars().count() < PASSWORD_CHARACTERS_MIN {
        Err("A password needs at least ten characters.")
    } else if rest.chars().count() < 4 || folded.replace(&account.to_lowercase(), "").chars().count() < 4 {
        Err("This password is one of the first that anybody would try.")
    } else {
        Ok(())
    }
}

/// What is stored of a PIN.
pub fn pin(pin: &str) -> PinRow {
    PinRow { verifier: verifier(pin), digits: u8::try_from(pin.len()).unwrap_or(u8::MAX) }
}

/// Whether a new PIN is one to accept; what to say if it is not.
pub fn good_pin(pin: &str) -> Result<(), &'static str> {
    let digits = pin.as_bytes();
    if !(4..=8).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return Err("A PIN has four to eight digits.");
    }
    let steps: Vec<i16> = digits.windows(2).map(|pair| i16::from(pair[1]) - i16::from(pair[0])).collect();
    let is_row = [0, 1, -1].iter().any(|step| steps.iter().all(|other| other == step));
    let is_repeated = (1..=digits.len() / 2)
        .filter(|period| digits.len().is_multiple_of(*period))
        .any(|period| digits.chunks(period).all(|chunk| chunk == &digits[..period]));
    let is_year = digits.len() == 4 && (pin.starts_with("19") || pin.starts_with("20"));
    if is_row || is_repeated || is_year || ["2580", "0852", "1357", "2468"].contains(&pin) {
        return Err("This PIN is too easy to guess: no rows, repetitions or years.");
    }
    Ok(())
}

fn derive(secret: &str, salt: &[u8]) -> Vec<u8> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(32)).expect("constants in Argon2's range");
    let mut out = vec![0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret.as_bytes(), salt, &mut out)
        .expect("a salt of 16 bytes and an output of 32 are in Argon2's range");
    out
}

#[cfg(test)]
mod tests {
    use super::{good_password, good_pin};

    #[test]
    fn pins_that_anybody_would_try_are_refused() {
        for weak in
            ["0000", "1234", "4321", "9876", "1212", "1990", "2024", "2580", "123", "12a4", "718281828", "484848"]
        {
            assert!(good_pin(weak).is_err(), "{weak}");
        }
        for good in ["4071", "5820", "9316", "718281"] {
            assert_eq!(good_pin(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn passwords_that_anybody_would_try_are_refused() {
        for weak in ["short", "Password123", "holdfast12", "1234567890", "Administrator1", "ada.example"] {
            assert!(good_password("ada.example", weak, weak).is_err(), "{weak}");
        }
        assert_eq!(good_password("ada", "right horse battery", "right horse battery"), Ok(()));
        assert!(good_password("ada", "right horse battery", "right horse").is_err());
    }
}
