// Charts from data (ECharts on canvas): <div class="chart" data-chart="id of a json_script">.
// The data is {labels, series: [{name, values, kind, stack}], urls}; a click opens the list behind a bar.
(() => {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const COLOURS = ["--cz-accent", "--cz-accent-line", "--cz-ok-mark", "--cz-warn-mark", "--cz-hold-mark", "--cz-idle-mark"];
  const axis = () => ({
    axisLine: { lineStyle: { color: token("--cz-line-strong") } },
    axisTick: { show: false },
    axisLabel: { color: token("--cz-ink-3"), fontSize: 12 },
    splitLine: { lineStyle: { color: token("--cz-line") } },
  });
  const option = ({ labels, series }) => ({
    animation: false,
    color: COLOURS.map(token),
    aria: { enabled: true },
    textStyle: { fontFamily: token("--cz-font") },
    grid: { left: 44, right: 8, top: 36, bottom: 28 },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 8, textStyle: { color: token("--cz-ink-2") } },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { type: "category", data: labels, ...axis(), splitLine: { show: false } },
    yAxis: { type: "value", minInterval: 1, ...axis() },
    series: series.map(({ name, values, kind = "bar", stack }) => ({ name, data: values, type: kind, stack, barMaxWidth: 24 })),
  });
  const draw = (box) => {
    const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const chart = echarts.init(box, null, { renderer: "canvas" });
    chart.setOption(option(data));
    chart.on("click", ({ dataIndex, seriesIndex }) => {
      const url = data.series[seriesIndex].urls?.[dataIndex] ?? data.urls?.[dataIndex];
      if (url) location.assign(url);
    });
    new ResizeObserver(() => chart.resize()).observe(box);
    document.documentElement.addEventListener("themechange", () => chart.setOption(option(data), true));
  };
  document.querySelectorAll("[data-chart]").forEach(draw);
})();
