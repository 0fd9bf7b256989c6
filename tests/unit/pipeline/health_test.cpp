#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/pipeline/health.h>

namespace vitals::pipeline::test {
namespace {

using Unwell = std::map<std::string, std::string>;

constexpr TimeMs kNow = 1'790'000'000'000;

/// A daemon that is well, so many milliseconds after kNow by both clocks.
Observation well(DurationMs after_ms = 0) {
  Observation seen;
  seen.now = kNow + after_ms;
  seen.monotonic_us = after_ms * 1'000;
  seen.disk_free_bytes = 10ULL << 30U;
  return seen;
}

TEST_CASE("a daemon that turns and has room is well") {
  HealthMonitor monitor({});
  for (DurationMs at = 0; at < 10 * kMinuteMs; at += 1'000) CHECK(monitor.check(well(at)).empty());
}

TEST_CASE("a store that refuses commits is not well, until it takes them") {
  HealthMonitor monitor({});
  Observation seen = well();
  seen.storing = false;
  CHECK(monitor.check(seen) == Unwell{{"store", "it refuses commits"}});
  CHECK(monitor.check(well(1'000)).empty());
}

TEST_CASE("a queue that is nearly full is the spine's trouble") {
  HealthMonitor monitor({});
  Observation seen = well();
  seen.queue_share = 0.95;
  CHECK(monitor.check(seen) == Unwell{{"spine", "95 % of the room for events that wait is taken"}});
}

TEST_CASE("a stall is told for five minutes after it") {
  HealthMonitor monitor({});
  monitor.check(well());
  const Unwell stalled{{"spine", "it did not turn for 42s"}};
  CHECK(monitor.check(well(42'000)) == stalled);
  DurationMs at = 42'000;
  for (; at < 42'000 + 5 * kMinuteMs; at += 10'000) CHECK(monitor.check(well(at)) == stalled);
  CHECK(monitor.check(well(at)).empty());
}

TEST_CASE("little free space is told, what is not known or not asked is not") {
  HealthMonitor monitor({});
  Observation seen = well();
  seen.disk_free_bytes = 500ULL << 20U;
  CHECK(monitor.check(seen) ==
        Unwell{{"disk", "500 MiB are free where the data folder is, fewer than 1024 MiB"}});
  seen.disk_free_bytes.reset();
  CHECK(monitor.check(seen).empty());
  HealthOptions carefree;
  carefree.disk_free_min_bytes = 0;
  seen.disk_free_bytes = 0;
  CHECK(HealthMonitor(carefree).check(seen).empty());
}

TEST_CASE("receivers that fail or do not keep up are the outbox's trouble, by name") {
  HealthMonitor monitor({});
  Observation seen = well();
  seen.receivers = {{"fine", false, kNow - 9 * kMinuteMs},
                    {"slow", false, kNow - 11 * kMinuteMs},
                    {"late", true, kNow - kMinuteMs},
                    {"down", true, kNow - 12 * kMinuteMs}};
  CHECK(monitor.check(seen) ==
        Unwell{{"outbox",
                "receiver 'slow' does not keep up, oldest notification waits for 11m; "
                "receiver 'down' fails again and again, oldest notification waits for 12m"}});
}

TEST_CASE("a clock that was set is told, which way and how far") {
  HealthMonitor monitor({});
  monitor.check(well());
  Observation seen = well(1'000);
  seen.now += 60 * kMinuteMs;
  CHECK(monitor.check(seen) == Unwell{{"clock", "the host's clock was set ahead by 1h"}});
  CHECK(monitor.check(well(2'000)) == Unwell{{"clock", "the host's clock was set back by 1h"}});
}

TEST_CASE("a clock that drifts a little is well") {
  HealthMonitor monitor({});
  monitor.check(well());
  for (DurationMs at = 1'000; at < kMinuteMs; at += 1'000) {
    Observation seen = well(at);
    seen.now += at / 10;
    CHECK(monitor.check(seen).empty());
  }
}

}  // namespace
}  // namespace vitals::pipeline::test
