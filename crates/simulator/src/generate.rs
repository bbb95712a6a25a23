//! From a seed to a scenario, and that is all a seed does.

use crate::{
    fate::{Stream, mix},
    scenario::{Act, Doing, Fault, Moment, Network, Scenario, Till, What},
};

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;

/// The scenario of a seed.
pub fn scenario(seed: u64) -> Scenario {
    let mut stream = Stream(mix(&[seed]));
    let hubs = 1 + [0, 0, 0, 1, 1, 2][stream.below(6) as usize];
    // Mostly few tills: what goes wrong between two goes wrong between fifty, only slower.
    let tills = match stream.below(20) {
        0 => 10 + stream.below(41),
        1..=4 => 4 + stream.below(6),
        _ => 1 + stream.below(3),
    };
    let length_ms = if stream.one_in(12) { 60 * HOUR_MS } else { (1 + stream.below(5)) * HOUR_MS };
    let acts_max = if tills > 9 { 8 } else { 25 };
    let are_old = stream.one_in(4);
    let tills: Vec<Till> = (0..tills).map(|_| till(&mut stream, hubs, length_ms, acts_max, are_old)).collect();
    let count = stream.below(12);
    let mut faults: Vec<Fault> = (0..count).flat_map(|_| faults(&mut stream, &tills, hubs, length_ms)).collect();
    faults.sort_by_key(|fault| fault.at_ms);
    let is_calm = stream.one_in(3);
    let network = Network {
        loss_permille: if is_calm { 0 } else { stream.below(250) },
        repeat_permille: if is_calm { 0 } else { stream.below(200) },
        damage_permille: if is_calm { 0 } else { stream.below(50) },
        delay_ms_max: [100, 1_000, 9_000, 25_000][stream.below(4) as usize],
    };
    let format = |stream: &mut Stream| if are_old && stream.one_in(2) { 1 } else { 2 };
    let hubs = (0..hubs).map(|_| format(&mut stream)).collect();
    Scenario { salt: stream.draw(), hubs, tills, network, faults, heal_at_ms: length_ms }
}

fn till(stream: &mut Stream, hubs: usize, length_ms: u64, acts_max: u64, are_old: bool) -> Till {
    let count = 1 + stream.below(acts_max);
    Till {
        hub: stream.below(hubs as u64) as usize,
        format: if are_old && stream.one_in(2) { 1 } else { 2 },
        clock_ms: if stream.one_in(4) { hours(stream) } else { 0 },
        acts: acts(stream, count, 0, length_ms),
    }
}

/// A clock that is wrong, by up to ten days either way.
fn hours(stream: &mut Stream) -> i64 {
    (stream.below(480).cast_signed() - 240) * HOUR_MS.cast_signed()
}

/// Sales, mostly, with a shift closed now and then and at the end.
fn acts(stream: &mut Stream, count: u64, from_ms: u64, to_ms: u64) -> Vec<Act> {
    let span = to_ms.saturating_sub(from_ms).max(1);
    let mut times: Vec<u64> = (0..count).map(|_| from_ms + stream.below(span)).collect();
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    let closes = stream.one_in(2);
    let doing = |stream: &mut Stream, at: usize| match stream.below(20) {
        _ if at == last && closes => Doing::Close,
        0 => Doing::SignIn,
        1 | 2 => Doing::Return,
        3 => Doing::Customer,
        4 => Doing::Cash,
        5 => Doing::Close,
        _ => Doing::Sell(u32::try_from(stream.below(1 << 31)).unwrap_or_default()),
    };
    times.into_iter().enumerate().map(|(at, at_ms)| Act { at_ms, doing: doing(stream, at) }).collect()
}

/// A fault, or two that belong together.
fn faults(stream: &mut Stream, tills: &[Till], hubs: usize, length_ms: u64) -> Vec<Fault> {
    let at_ms = stream.below(length_ms);
    let later_ms = at_ms + stream.below(length_ms - at_ms);
    let till = stream.below(tills.len() as u64) as usize;
    let hub = stream.below(hubs as u64) as usize;
    // Mostly minutes, sometimes as long as the scenario.
    let ms = if stream.one_in(4) { length_ms } else { (1 + stream.below(40)) * MINUTE_MS };
    let moment =
        [Moment::Now, Moment::BeforeCommit, Moment::InsideCommit, Moment::AfterCommit][stream.below(4) as usize];
    let one = |what| vec![Fault { at_ms, what }];
    let two = |first, second| vec![Fault { at_ms, what: first }, Fault { at_ms: later_ms, what: second }];
    match stream.below(32) {
        0 => one(What::CutUp { till, ms }),
        1 => one(What::CutDown { till, ms }),
        2 | 3 => one(What::CutHubs { hub, ms }),
        4..=6 => one(What::KillTill { till, moment }),
        7..=9 => one(What::KillHub { hub, moment }),
        10 => one(What::TillRefuses { till, times: 1 + stream.below(4) as u32 }),
        11 => one(What::TillFull { till, ms }),
        12 => one(What::Evict { till }),
        13 => one(What::HubRefuses { hub, times: 1 + stream.below(8) as u32 }),
        14..=16 => two(What::Backup { hub }, What::Restore { hub }),
        17 => two(What::Copy { till }, What::PutBack { till }),
        18 | 19 => {
            let count = 1 + stream.below(8);
            one(What::Clone { till, acts: acts(stream, count, at_ms, length_ms) })
        }
        20 => one(What::TillClock { till, by_ms: hours(stream) }),
        21 => two(What::HubClock { hub, by_ms: hours(stream) }, What::HubClock { hub, by_ms: hours(stream) }),
        22 => one(What::Tabs { till }),
        23 => one(What::UpdateTill { till }),
        24 => one(What::UpdateHub { hub }),
        25 => one(What::BooksDown { ms }),
        26 => one(What::BooksSlow { ms }),
        27 => one(What::BooksMute { ms }),
        28 => two(What::BooksForbid { ms: ms.min(2 * HOUR_MS) }, What::Person { settles: false }),
        29 => two(What::BooksRefuse { ms: ms.min(2 * HOUR_MS) }, What::Person { settles: stream.one_in(2) }),
        30 => one(What::BooksDiffer { ms: ms.min(HOUR_MS) }),
        _ => one(What::Publish { segments: 1 + stream.below(8) as u8 }),
    }
}
