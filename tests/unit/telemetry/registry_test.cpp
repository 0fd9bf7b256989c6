#include <catch2/catch.hpp>

#include <vitals/telemetry/registry.h>

using vitals::telemetry::Registry;

TEST_CASE("families are written once, histograms cumulate, labels are escaped") {
  Registry registry;
  registry.counter("vitals_things_total", "Things.", {{"kind", "a\"b"}}).add(2);
  registry.counter("vitals_things_total", "Things.", {{"kind", "c"}}).add();
  auto& histogram = registry.histogram("vitals_wait_seconds", "Waits.", {0.1, 1});
  histogram.observe(0.05);
  histogram.observe(0.5);
  histogram.observe(5);
  registry.gauge_from("vitals_now", "Now.", [] { return 7.0; });

  std::string text;
  registry.write_prometheus(text);
  CHECK(text ==
        "# HELP vitals_things_total Things.\n"
        "# TYPE vitals_things_total counter\n"
        "vitals_things_total{kind=\"a\\\"b\"} 2\n"
        "vitals_things_total{kind=\"c\"} 1\n"
        "# HELP vitals_wait_seconds Waits.\n"
        "# TYPE vitals_wait_seconds histogram\n"
        "vitals_wait_seconds_bucket{le=\"0.1\"} 1\n"
        "vitals_wait_seconds_bucket{le=\"1\"} 2\n"
        "vitals_wait_seconds_bucket{le=\"+Inf\"} 3\n"
        "vitals_wait_seconds_sum 5.55\n"
        "vitals_wait_seconds_count 3\n"
        "# HELP vitals_now Now.\n"
        "# TYPE vitals_now gauge\n"
        "vitals_now 7\n");
}
