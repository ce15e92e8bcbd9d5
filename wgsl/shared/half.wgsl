// float32 to float16, to the nearest, ties to even; beyond 65520 infinity. Computed by hand: compilers fuse f32(f16(x)) to
// x, and what f16() makes of numbers out of range is up to the adapter.
fn to_f16(x: f32) -> f16 {
  let bits = bitcast<u32>(x);
  let magnitude = bits & 0x7fffffffu;
  var half = (magnitude - 0x38000000u + 0xfffu + ((magnitude >> 13u) & 1u)) >> 13u;
  if magnitude > 0x7f800000u { half = 0x7e00u; } // NaN
  else if magnitude >= 0x477ff000u { half = 0x7c00u; }
  else if magnitude < 0x38800000u { half = u32(round(bitcast<f32>(magnitude) * 16777216.0)); } // multiples of 2^-24
  return bitcast<vec2<f16>>(((bits >> 16u) & 0x8000u) | half).x;
}
