// Reporting a bad value, such as an index out of range. The first report since the last readback is kept; the host throws it there.
fn report_fault(code: u32, value: i32, count: u32) {
  loop {
    let attempt = atomicCompareExchangeWeak(&fault[0], 0u, code);
    if attempt.exchanged {
      atomicStore(&fault[1], bitcast<u32>(value));
      atomicStore(&fault[2], count);
    }
    if attempt.exchanged || attempt.old_value != 0u { break; } // a weak exchange may fail for no reason
  }
}
