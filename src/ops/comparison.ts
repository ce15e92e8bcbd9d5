// Comparisons, logic and choice. Results are bool and carry no gradient; `where` passes gradients to both sides.

import { defineOp } from "../autograd/op.js";
import { DTypeError, ShapeError } from "../core/errors.js";
import { broadcastShapes } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { functions } from "../kernels/pointwise/common.js";
import { isNaNExpression, spell } from "../kernels/pointwise/function.js";
import { cast } from "./cast.js";
import { binary, unary } from "./pointwise.js";

const comparison = (name: string, operator: string, not = "") =>
  binary({
    name,
    result: "bool",
    wgsl: (type, a, b) => {
      if (type.element !== "bool") return `${not}(${a} ${operator} ${b})`;
      const asNumber = spell({ element: "u32", width: type.width });
      return `${not}(${asNumber}(${a}) ${operator} ${asNumber}(${b}))`;
    },
  });

/** a == b, as bool. */
export const eq = comparison("eq", "==");
/** a != b, as bool; true if either is NaN, which some adapters' own != is not. */
export const ne = comparison("ne", "==", "!");
/** a < b, as bool. */
export const lt = comparison("lt", "<");
/** a <= b, as bool. */
export const le = comparison("le", "<=");
/** a > b, as bool. */
export const gt = comparison("gt", ">");
/** a >= b, as bool. */
export const ge = comparison("ge", ">=");

const logic = (name: string, operator: string) =>
  binary({
    name,
    result: "bool",
    wgsl: ({ element, width }, a, b) => {
      const bool = spell({ element: "bool", width });
      return element === "bool" ? `${a} ${operator} ${b}` : `${bool}(${a}) ${operator} ${bool}(${b})`;
    },
  });

/** Whether both are nonzero. */
export const logicalAnd = logic("logicalAnd", "&");
/** Whether either is nonzero. */
export const logicalOr = logic("logicalOr", "|");
/** Whether exactly one is nonzero. */
export const logicalXor = logic("logicalXor", "!=");

/** Whether x is zero. */
export const logicalNot = unary({
  name: "logicalNot",
  result: "bool",
  wgsl: ({ width }, x) => `!${spell({ element: "bool", width })}(${x})`,
});

/** Whether x is NaN, by its bits. */
export const isnan = unary({ name: "isnan", result: "bool", wgsl: isNaNExpression });

/** Whether x is infinite, of either sign. */
export const isinf = unary({
  name: "isinf",
  result: "bool",
  wgsl: ({ element, width }, x) => {
    if (!element.startsWith("f")) return `${spell({ element: "bool", width })}(false)`;
    const u32 = spell({ element: "u32", width });
    return `(bitcast<${u32}>(${spell({ element: "f32", width })}(${x})) & ${u32}(0x7fffffffu)) == ${u32}(0x7f800000u)`;
  },
});

/** 0 where x < 0 or x is NaN, b where x is 0, 1 where x > 0. Not differentiable. */
export const heaviside = binary({
  name: "heaviside",
  wgsl: (type, x, b) => {
    if (type.element === "bool") return `${x} | ${b}`;
    const zero = `${spell(type)}(0)`;
    return `select(select(${zero}, ${spell(type)}(1), ${x} > ${zero}), ${b}, ${x} == ${zero})`;
  },
});

/** a where the condition holds, b elsewhere. */
export const where = defineOp({
  name: "where",
  inputs: ["condition", "a", "b"],
  promotion: "choice",
  unpromoted: ["condition"],
  shape: ({ condition, a, b }) => {
    if (condition.dtype !== "bool")
      throw new DTypeError("where", `the condition is ${condition.dtype} and must be bool: condition.ne(0)`);
    return { shape: broadcastShapes("where", condition.shape, a.shape, b.shape), dtype: a.dtype };
  },
  forward: ({ condition, a, b }, _, { dtype, shape }) =>
    NDArray.pointwise(functions.select, dtype, shape, [condition, a, b]),
  saves: ["condition"],
  backward: {
    a: (dy, { condition }, _, { a }) => dy.where(condition, 0).sumToSize(a.shape),
    b: (dy, { condition }, _, { b }) => dy.where(condition.logicalNot(), 0).sumToSize(b.shape),
  },
});

/** The value, which has no dimensions, where the mask holds, x elsewhere; in x's dtype. */
export const maskedFill = defineOp({
  name: "maskedFill",
  inputs: ["x", "mask", "value"],
  shape: ({ x, mask, value }) => {
    if (mask.dtype !== "bool")
      throw new DTypeError("maskedFill", `the mask is ${mask.dtype} and must be bool: mask.ne(0)`);
    if (value.shape.length > 0)
      throw new ShapeError("maskedFill", [value.shape], "the value must be a number or a tensor without dimensions");
    return { shape: broadcastShapes("maskedFill", x.shape, mask.shape), dtype: x.dtype };
  },
  forward: ({ x, mask, value }, _, { dtype, shape }) => {
    const [converted] = cast.forward([value], dtype, [{ shape: [], dtype }]).outputs as [NDArray];
    return NDArray.pointwise(functions.select, dtype, shape, [mask, converted, x]);
  },
  saves: ["mask"],
  backward: {
    x: (dy, { mask }, _, { x }) => dy.where(mask.logicalNot(), 0).sumToSize(x.shape),
    value: (dy, { mask }, _, { value }) => dy.where(mask, 0).sum().to(value.dtype),
  },
});
