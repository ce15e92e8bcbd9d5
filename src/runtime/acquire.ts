// Asking WebGPU for a device with everything the adapter has to give.

import { DeviceError } from "../core/errors.js";
import type { Platform } from "./platform/platform.js";

export interface InitOptions {
  /** An adapter's name; Node also takes "swiftshader", "lavapipe" and the path of a Vulkan driver's json. */
  readonly adapter?: string | undefined;
  /** For tests: fill memory with NaN whenever it is handed out or given back. */
  readonly poison?: boolean;
  /** For tests: false passes kernel parameters through a uniform buffer even where immediate data is available. */
  readonly immediates?: boolean;
}

/** Who does the computing. */
export interface AdapterDescription {
  /** What it was asked for by; undefined for the best there was. */
  readonly name: string | undefined;
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  /** In the driver's words; where it has none, as in most browsers, what else there is to tell it by. */
  readonly description: string;
  /** Lanes in the smallest and the largest subgroup; undefined where there are no subgroups. */
  readonly subgroupSizes: readonly [least: number, most: number] | undefined;
  /** Products that matrix units compute; none without WebGPU's "chromium-experimental-subgroup-matrix". */
  readonly subgroupMatrices: readonly SubgroupMatrix[];
  /** A CPU pretends to be a GPU: its timings say nothing about GPUs. */
  readonly isSoftware: boolean;
}

/** A matrix product that a subgroup computes at once: [M, K] times [K, N]. */
export interface SubgroupMatrix {
  /** Elements of the operands: "f16", "f32" or a whole number's type. */
  readonly component: string;
  readonly result: string;
  readonly M: number;
  readonly N: number;
  readonly K: number;
}

/** Limits worth having more of. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupsPerDimension",
  "maxImmediateSize",
] as const satisfies readonly (keyof GPUSupportedLimits)[];

const SUBGROUP_MATRIX = "chromium-experimental-subgroup-matrix" as GPUFeatureName; // not in @webgpu/types
const FEATURES: readonly GPUFeatureName[] = ["shader-f16", "subgroups", "timestamp-query", SUBGROUP_MATRIX];

export async function acquireDevice(
  platform: Platform,
  options: InitOptions,
): Promise<{ entry: GPU; gpu: GPUDevice; adapter: AdapterDescription }> {
  const { gpu: entry, adapter, name } = await platform.findAdapter(options.adapter);
  const requiredLimits: Record<string, number> = {};
  for (const limit of LIMITS) {
    const value: number | undefined = adapter.limits[limit]; // older implementations lack the newest limits
    if (value !== undefined) requiredLimits[limit] = value;
  }
  const requiredFeatures = FEATURES.filter((feature) => adapter.features.has(feature));
  const gpu = await adapter.requestDevice({ requiredFeatures, requiredLimits }).catch((error: Error) => {
    throw new DeviceError("init", `the adapter refused a device: ${error.message.slice(0, 500)}`, { cause: error });
  });
  const { vendor, architecture, device, subgroupMinSize, subgroupMaxSize } = adapter.info;
  const description = adapter.info.description || device || architecture || vendor;
  const subgroupSizes = gpu.features.has("subgroups") ? ([subgroupMinSize, subgroupMaxSize] as const) : undefined;
  const isSoftware = /swiftshader|llvmpipe|lavapipe|warp|basic render/i.test(
    `${architecture} ${device} ${description}`,
  );
  const subgroupMatrices = gpu.features.has(SUBGROUP_MATRIX) ? matricesOf(adapter.info) : [];
  const found = { name, vendor, architecture, device, description, subgroupSizes, subgroupMatrices, isSoftware };
  return { entry, gpu, adapter: found };
}

/** What @webgpu/types does not know of an adapter with that feature. */
interface MatrixInfo {
  readonly subgroupMatrixConfigs?: Iterable<{
    readonly componentType: string;
    readonly resultComponentType: string;
    readonly M: number;
    readonly N: number;
    readonly K: number;
  }>;
}

function matricesOf(info: GPUAdapterInfo): SubgroupMatrix[] {
  const { subgroupMatrixConfigs = [] } = info as MatrixInfo;
  return Array.from(subgroupMatrixConfigs, ({ componentType, resultComponentType, M, N, K }) => {
    return { component: componentType, result: resultComponentType, M, N, K };
  });
}

/** Whether this is an adapter of that name, or with the name in its description. */
export function isCalled(adapter: AdapterDescription, wanted: string): boolean {
  const { name, vendor, architecture, device, description } = adapter;
  const text = [vendor, architecture, device, description].join(" ").toLowerCase();
  return name === wanted || text.includes(wanted.toLowerCase());
}
