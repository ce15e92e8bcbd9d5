// For updates that are not skipped: see unless-overflow.
fn is_skipped() -> bool { return false; }
fn is_first_step(is_first: u32) -> bool { return is_first != 0; }
