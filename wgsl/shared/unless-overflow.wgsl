// For updates that are skipped where a gradient overflowed. `flags`, which the launcher binds, holds whether one did, and
// how many steps were taken: the first of these is the first step, whatever the host counts.
fn is_skipped() -> bool { return flags[0] != 0; }
fn is_first_step(is_first: u32) -> bool { return is_first != 0 || flags[1] == 0; }
