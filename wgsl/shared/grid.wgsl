// The number of a workgroup in a launch. Launches of more workgroups than one dimension may hold (65,535 by default) are
// spread over two, which can leave a few past the end: kernels must ignore those.
fn workgroup_index(group: vec3u, groups: vec3u) -> u32 {
  return group.x + group.y * groups.x;
}
