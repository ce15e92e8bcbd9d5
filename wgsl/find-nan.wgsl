// Reports the first NaN that any lane meets in x, with its position.
//   binding 0  x      [count]  read
//           1  fault           write
#import shared/grid
#import shared/fault
struct Params { count: u32, x_offset: u32, fault_code: u32 }
alias S = f32;
var<storage, read> x: array<S>;
var<storage, read_write> fault: array<atomic<u32>, 4>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let at = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if at >= p.count { return; }
  let bits = bitcast<u32>(f32(x[p.x_offset + at]));
  if (bits & 0x7fffffffu) > 0x7f800000u { report_fault(p.fault_code, i32(at), p.count); }
}
