// Points in a plane, coloured by label, as a picture (ECharts, as for the curves).

import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([ScatterChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/** A point, and which of ten kinds it is. */
export interface Labelled {
  readonly x: number;
  readonly y: number;
  readonly label: number;
}

/** Ten colours that can be told apart: Tableau's. */
const COLOURS = "4e79a7 f28e2b e15759 76b7b2 59a14f edc948 b07aa1 ff9da7 9c755f 5f5f5f".split(" ").map((c) => `#${c}`);

/** Writes the points as an SVG picture. */
export async function writeScatter(path: string, title: string, points: readonly Labelled[]): Promise<void> {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: 640, height: 640 });
  chart.setOption({
    animation: false,
    backgroundColor: "#fff",
    color: COLOURS,
    title: { text: title, left: "center" },
    legend: { bottom: 0 },
    grid: { left: 40, right: 20, top: 40, bottom: 60 },
    xAxis: { type: "value" },
    yAxis: { type: "value" },
    series: COLOURS.map((_, label) => ({
      type: "scatter",
      name: String(label),
      symbolSize: 6,
      itemStyle: { opacity: 0.75 },
      data: points.filter((point) => point.label === label).map(({ x, y }) => [x, y]),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, svg);
}
