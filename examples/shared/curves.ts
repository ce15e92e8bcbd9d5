// Training curves as a picture (ECharts: alive, typed, and draws SVG without a browser).

import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/** One curve: a value per epoch, drawn against the left axis (losses) or the right one (accuracies, 0 to 1). */
export interface Curve {
  readonly name: string;
  readonly axis: "loss" | "accuracy";
  readonly values: readonly number[];
}

/** Writes the curves as an SVG picture. */
export async function writeCurves(path: string, title: string, curves: readonly Curve[]): Promise<void> {
  const epochs = Math.max(...curves.map(({ values }) => values.length));
  const accuracies = curves.filter(({ axis }) => axis === "accuracy").flatMap(({ values }) => values);
  const floor = Math.floor(Math.min(...accuracies, 0.99) * 20) / 20;
  const chart = init(null, null, { renderer: "svg", ssr: true, width: 800, height: 450 });
  chart.setOption({
    animation: false,
    backgroundColor: "#fff",
    title: { text: title, left: "center" },
    legend: { bottom: 0 },
    grid: { left: 60, right: 60, top: 50, bottom: 70 },
    xAxis: {
      type: "category",
      name: "epoch",
      nameLocation: "middle",
      nameGap: 28,
      data: Array.from({ length: epochs }, (_, i) => i + 1),
    },
    yAxis: [
      { type: "value", name: "loss", min: 0 },
      { type: "value", name: "accuracy", min: floor, max: 1, splitLine: { show: false }, show: accuracies.length > 0 },
    ],
    series: curves.map(({ name, axis, values }) => ({
      type: "line",
      name,
      yAxisIndex: axis === "loss" ? 0 : 1,
      data: values,
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, svg);
}
