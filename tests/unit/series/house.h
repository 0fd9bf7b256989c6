#pragma once

#include <memory>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/series/rollups.h>
#include <vitals/store/memory.h>
#include <vitals/store/rocks.h>

#include "plain_model.h"
#include "support/manual_clock.h"
#include "support/temp_folder.h"

namespace vitals::series::test {

inline constexpr TimeMs kDay = 1'790'035'200'000;  // a UTC midnight

/// Rollups over a store, with the events they were given.
struct House {
  explicit House(const std::string& kind = "memory", Options chosen = {}) : options(chosen) {
    if (kind == "memory") {
      store = store::open_memory();
    } else {
      auto opened = store::open_rocks({folder.file("store")}, quiet_logger());
      REQUIRE(opened);
      store = std::move(*opened);
    }
    options.dimensions = {"prompt", "version"};
    open();
  }

  void open() {
    rollups.reset();
    auto opened = Rollups::open(*store, clock, options, quiet_logger(), telemetry);
    if (!opened) FAIL(opened.error().message);
    rollups = std::move(*opened);
  }

  /// As log and maintenance would: in batches, with the watermark moving along.
  void fold(const std::vector<Event>& events, std::size_t batch_rows = 1000) {
    std::vector<Batch> batches;
    for (std::size_t at = 0; at < events.size(); at += batch_rows) {
      const auto end = std::min(at + batch_rows, events.size());
      batches.push_back(batch_of({events.begin() + static_cast<std::ptrdiff_t>(at),
                                  events.begin() + static_cast<std::ptrdiff_t>(end)}));
    }
    log.insert(log.end(), events.begin(), events.end());
    const Status folded = rollups->fold(batches, log.size());
    if (!folded) FAIL(folded.error().message);
  }

  void compact() {
    while (true) {
      const auto removed = rollups->compact();
      if (!removed) FAIL(removed.error().message);
      if (*removed == 0) return;
    }
  }

  CellView view() const { return {*rollups, store->snapshot()}; }

  metrics::Needs needs(Resolution resolution) const {
    metrics::Needs all = metrics::Needs::everything();
    if (view().carries(resolution, all)) return all;
    metrics::Needs core;
    core.add_moments(metrics::measure_of(model::Number::duration_ms));
    core.add_moments(metrics::Measure::total_tokens);
    core.add_moments(metrics::Measure::response_quality);
    core.add_moments(metrics::Measure::satisfaction);
    REQUIRE(view().carries(resolution, core));
    return core;
  }

  MergedCells cells(Resolution resolution) const {
    return merged_cells(view(), resolution, needs(resolution), kDay - 1000 * kDayMs,
                        kDay + 1000 * kDayMs);
  }

  void require_agrees() const {
    for (const Resolution resolution : kResolutions) require_agrees(resolution);
  }
  void require_agrees(Resolution resolution) const {
    CAPTURE(to_string(resolution));
    require_same(cells(resolution), plain_cells(log, resolution));
  }

  /// The log, as rebuild_dirty() reads it.
  Rollups::Source source() const {
    return [this](TimeMs from_ms, TimeMs to_ms, std::uint64_t before, const auto& visit) -> Status {
      const Batch all = batch_of(log);
      std::vector<std::uint32_t> rows;
      for (std::uint32_t row = 0; row < all->rows() && row < before; ++row) {
        if (all->time_ms[row] >= from_ms && all->time_ms[row] < to_ms) rows.push_back(row);
      }
      return visit(*all, rows);
    };
  }

  vitals::test::TempFolder folder;
  vitals::test::ManualClock clock{kDay + 12 * kHourMs};
  telemetry::Registry telemetry;
  std::unique_ptr<store::Store> store;
  Options options;
  std::unique_ptr<Rollups> rollups;
  std::vector<Event> log;
};

}  // namespace vitals::series::test
