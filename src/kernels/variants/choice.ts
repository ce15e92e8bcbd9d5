// Which variant a device uses for a shape class.

import type { Device } from "../../runtime/device.js";
import { isProven, kindOf } from "./adapters.js";
import { canRun, type Family, isAtRisk, isExperimental, type Variant } from "./variant.js";

/** What is known about variants on one device. Names are `family/variant` and `family/shape class`. */
export interface Knowledge {
  /** Results of self-tests by variant. */
  readonly passed: Map<string, boolean>;
  /** The fastest variant's name by shape class, as measured. */
  readonly fastest: Map<string, string>;
}

interface Choices extends Knowledge {
  readonly chosen: Map<string, Variant<unknown>>;
  /** While a family is being measured or tested: the variant to use. */
  readonly imposed: Map<string, Variant<unknown>>;
}

const ofDevice = new WeakMap<Device, Choices>();

function choicesOf(device: Device): Choices {
  let choices = ofDevice.get(device);
  if (choices === undefined) {
    ofDevice.set(device, (choices = { passed: new Map(), fastest: new Map(), chosen: new Map(), imposed: new Map() }));
  }
  return choices;
}

/** The variant to launch for a problem of a class; the same one for the life of the device, unless `tune` runs. */
export function chooseVariant<Constants>(
  device: Device,
  family: Family<Constants>,
  shapeClass: string,
): Variant<Constants> {
  const { chosen, imposed } = choicesOf(device);
  const key = `${family.name}/${shapeClass}`;
  let variant = imposed.size === 0 ? undefined : imposed.get(family.name);
  variant ??= chosen.get(key);
  if (variant === undefined) chosen.set(key, (variant = choose(device, family, shapeClass)));
  return variant as Variant<Constants>; // maps hold variants of all families; the key has this one's name
}

/** Variants a device may use for a class, self-tests considered. */
export function candidates<Constants>(
  device: Device,
  family: Family<Constants>,
  shapeClass: string,
): Variant<Constants>[] {
  const { passed } = choicesOf(device);
  const trusted = isProven(device.adapter);
  return family.variants.filter(
    (variant) =>
      canRun(variant, device) &&
      variant.serves?.(shapeClass) !== false &&
      (passed.get(`${family.name}/${variant.name}`) ?? (!isAtRisk(variant) || (trusted && !isExperimental(variant)))),
  );
}

function choose<Constants>(device: Device, family: Family<Constants>, shapeClass: string): Variant<Constants> {
  const possible = candidates(device, family, shapeClass);
  return ranked(device, family, shapeClass).find((variant) => possible.includes(variant)) ?? family.variants.at(-1)!;
}

/** What a device would use for a class, in falling order, if it can run it and if it passes its self-test. */
export function ranked<Constants>(device: Device, family: Family<Constants>, shapeClass: string): Variant<Constants>[] {
  const measured = choicesOf(device).fastest.get(`${family.name}/${shapeClass}`);
  return [measured, ...family.preferred(kindOf(device.adapter), shapeClass)].flatMap((name) =>
    family.variants.filter((variant) => variant.name === name && variant.serves?.(shapeClass) !== false),
  );
}

export function knowledgeOf(device: Device): Knowledge {
  return choicesOf(device);
}

/** Makes the device choose anew, after its knowledge has changed. */
export function forgetChoices(device: Device): void {
  choicesOf(device).chosen.clear();
}

/** Runs `use`, synchronously, with one variant in the place of whatever its family would choose. */
export function imposing<T>(device: Device, family: string, variant: Variant<unknown>, use: () => T): T {
  const { imposed } = choicesOf(device);
  imposed.set(family, variant);
  try {
    return use();
  } finally {
    imposed.delete(family);
  }
}
