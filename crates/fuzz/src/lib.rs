//! Gives every parser what nobody would write: it refuses or reads, and never panics, hangs or loses what it read.
//!
//! One [`Target`] for each parser. The tests give each a fixed number of inputs that are the same every time; `cargo xtask fuzz
//! [SECONDS] [TARGET]` goes on with others for as long as it is told. Inputs are good ones with a few things changed; there is no
//! coverage to steer by on a stable compiler, so the good ones are chosen to reach every kind of record.

mod chance;
mod targets;

pub use chance::Chance;
pub use targets::{TARGETS, Target};

/// Runs a target on so many inputs, beginning with the seeds as they are. An input is known by its number.
pub fn run(target: &Target, inputs: impl IntoIterator<Item = u64>, mut before: impl FnMut(u64, &[u8])) {
    let seeds = (target.seeds)();
    for number in inputs {
        let input = input(&seeds, number);
        before(number, &input);
        (target.check)(&input);
    }
}

/// The input of this number: a seed, or two of them crossed, with some changes.
fn input(seeds: &[Vec<u8>], number: u64) -> Vec<u8> {
    if let Some(seed) = usize::try_from(number).ok().and_then(|number| seeds.get(number)) {
        return seed.clone();
    }
    let mut chance = Chance::new(number);
    let seed = chance.of(seeds).map_or(&[][..], Vec::as_slice);
    let other = chance.of(seeds).map_or(&[][..], Vec::as_slice);
    chance.changed(seed, other)
}
