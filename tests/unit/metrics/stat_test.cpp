#include <catch2/catch.hpp>

#include <vitals/metrics/metric.h>

using namespace vitals::metrics;

TEST_CASE("a stat is read and written back") {
  for (const char* text : {"mean", "sum", "min", "max", "count", "rate", "stddev", "p1", "p7",
                           "p50", "p95", "p99.9", "p99.99", "p0.5", "p0.000000001"}) {
    const auto stat = parse_stat(text);
    CAPTURE(text);
    REQUIRE(stat.ok());
    CHECK(stat->to_string() == text);
    CHECK(parse_stat(stat->to_string()).value() == *stat);
  }
  CHECK(parse_stat("p95")->kind == Stat::Kind::quantile);
  CHECK(parse_stat("p95")->quantile == 0.95);
  CHECK(parse_stat("p50.0")->to_string() == "p50");
  CHECK(Stat{}.to_string() == "mean");
}

TEST_CASE("other texts are refused with what is expected") {
  for (const char* text : {"", "p", "avg", "Mean", "p0", "p100", "p-1", "p+5", "p1e1", "pnan",
                           "pinf", "p50x", "p 50", "95", "p0x1p3", "p99.9999999999999"}) {
    const auto stat = parse_stat(text);
    CAPTURE(text);
    REQUIRE_FALSE(stat.ok());
    CHECK(stat.error().code == vitals::Errc::invalid_argument);
    CHECK(stat.error().message.find("p99.9") != std::string::npos);
  }
}
