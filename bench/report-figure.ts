// The figure: how many times as long as tapegrad the better peer takes, per workload and adapter.

import { BarChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { PeersReport } from "./report-types.js";

use([BarChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, SVGRenderer]);

const [WIDTH, LABELS, BAR] = [960, 400, 11]; // pixels

/** An SVG picture. */
export function ratioFigure(reports: readonly PeersReport[]): string {
  const names = [...new Set(reports.flatMap(({ workloads }) => workloads.map(({ name }) => name)))].reverse();
  const height = 110 + names.length * (reports.length * BAR + 8);
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    backgroundColor: "#fff",
    title: { text: "Time of the better peer / time of tapegrad", left: "center" },
    legend: { bottom: 0 },
    grid: { left: LABELS, right: 60, top: 40, bottom: 60 },
    xAxis: { type: "log", min: 0.1, name: "R", axisLabel: { formatter: "{value}" } },
    yAxis: { type: "category", data: names, axisLabel: { width: 300, overflow: "truncate", fontSize: 11 } },
    series: reports.map(({ adapter, workloads }, i) => ({
      type: "bar",
      name: adapter,
      barWidth: BAR,
      data: names.map((name) => {
        const ratio = workloads.find((workload) => workload.name === name)?.ratio;
        return ratio === undefined ? "-" : Number(ratio.toFixed(2));
      }),
      label: { show: true, position: "right", fontSize: 9 },
      ...(i === 0 && {
        markLine: {
          symbol: "none",
          silent: true,
          label: { show: false },
          lineStyle: { color: "#333", type: "solid" },
          data: [{ xAxis: 1 }],
        },
      }),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
