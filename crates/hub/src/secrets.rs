//! Passwords and PINs: Argon2id verifiers, compared in constant time.

use argon2::{Algorithm, Argon2, Params, Version};
use holdfast_store::Verifier;

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

fn derive(secret: &str, salt: &[u8]) -> Vec<u8> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(32)).expect("constants in Argon2's range");
    let mut out = vec![0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret.as_bytes(), salt, &mut out)
        .expect("a salt of 16 bytes and an output of 32 are in Argon2's range");
    out
}
