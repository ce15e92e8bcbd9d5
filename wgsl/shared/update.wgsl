// What all optimizers' kernels share: a lane per four elements of a run of parameters that lie side by side, and a call of
// `update(i)`, which the file that imports this one declares, for element vector i of the arena. The launcher chooses what
// may keep it from that: shared/always or shared/unless-overflow.
#import shared/grid
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let n = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if n >= p.count || is_skipped() { return; }
  update(p.start + n);
}
