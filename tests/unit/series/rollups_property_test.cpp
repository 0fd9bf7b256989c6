// Whatever is folded, compacted, rebuilt and reopened in whatever order: the merged cells are what
// a plain model makes of the same events.
#include <random>

#include "house.h"

using namespace vitals;
using namespace vitals::series;
using namespace vitals::series::test;

namespace {

void run_random(const std::string& kind, std::uint64_t seed, int steps) {
  CAPTURE(kind, seed);
  std::mt19937_64 random(seed);
  Options options;
  if (random() % 3 == 0) options.raw_retention_ms = kDayMs;  // minutes outlive raw: full
  House house(kind, options);
  if (random() % 3 == 0) house.options.series_max = 1000;
  for (int step = 0; step < steps; ++step) {
    switch (random() % 8) {
      case 0:
        house.compact();
        break;
      case 1:
        house.clock.advance(static_cast<DurationMs>(random() % kHourMs));
        REQUIRE(house.rollups->compact());
        break;
      case 2:
        house.open();
        break;
      default: {
        const auto back = static_cast<DurationMs>(random() % 4 == 0 ? random() % (3 * kDayMs) : 0);
        const auto spread = static_cast<DurationMs>(1 + random() % (2 * kHourMs));
        house.fold(random_events(random, 1 + random() % 400, house.clock.now_ms() - back, spread),
                   1 + random() % 400);
        house.clock.advance(static_cast<DurationMs>(random() % (20 * kMinuteMs)));
      }
    }
  }
  house.require_agrees();
  house.clock.advance(kDayMs);
  house.compact();
  house.require_agrees();
  for (const Resolution resolution : {Resolution::hour, Resolution::day}) {
    std::set<std::tuple<std::string, std::string, TimeMs>> seen;
    const CellView view = house.view();
    REQUIRE(view.visit(resolution, INT64_MIN, INT64_MAX, {}, {},
                       [&](SeriesId series, TimeMs bucket, const metrics::Cell&) {
                         const auto key =
                             std::tuple(std::string(view.index().label(series, 0)),
                                        std::string(view.index().label(series, 1)), bucket);
                         REQUIRE(seen.insert(key).second);  // one cell each after compaction
                       }));
  }
  house.open();
  house.require_agrees();
  REQUIRE(house.rollups->watermark() == house.log.size());
  REQUIRE(*house.view().watermark() == house.log.size());
}

}  // namespace

TEST_CASE("cells agree with a plain model, memory store") {
  const std::uint64_t seed = std::random_device{}();
  for (std::uint64_t i = 0; i < 4; ++i) run_random("memory", seed + i, 20);
}

TEST_CASE("cells agree with a plain model, RocksDB") {
  const std::uint64_t seed = std::random_device{}();
  for (std::uint64_t i = 0; i < 2; ++i) run_random("rocks", seed + i, 12);
}

TEST_CASE("many runs are merged in tiers") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  House house;
  for (int i = 0; i < 70; ++i) {
    house.fold(random_events(random, 20, house.clock.now_ms(), kMinuteMs));
    house.clock.advance(1000);
    house.compact();
    // At most seven runs a tier: 70 folds make three tiers.
    REQUIRE(house.rollups->stats().chunks <= 3 * 3 * 7 * 2);
  }
  house.require_agrees();
}
