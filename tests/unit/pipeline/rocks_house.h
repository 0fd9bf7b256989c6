#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/events/log_view.h>
#include <vitals/series/cell_view.h>
#include <vitals/store/rocks.h>

#include "house.h"
#include "support/few_events.h"
#include "support/temp_folder.h"

namespace vitals::pipeline::test {

using model::Label;

// No hexadecimal digits, which blocks would pack: whoever looks for them in files finds them.
inline const std::string kUser = "zulu-the-user-to-go";
inline const std::string kSession = "kilo-the-session-to-go";
inline const std::string kTag = "quebec-the-value-to-go";
inline const std::string kId = "yankee-the-id-to-go";
inline const std::vector<std::string> kTraces{kUser, kSession, kTag, kId};

/// Ten executions, of which every fifth is the user's; one of the session but of no user, and one
/// of the session but of somebody else.
inline model::ExecutionBatch traffic(int number, TimeMs time_ms) {
  std::vector<vitals::test::FewEvent> events;
  for (int i = 0; i < 12; ++i) {
    events.push_back({time_ms + i,
                      "p" + std::to_string(i % 3),
                      i % 4 == 0 ? model::Tri::no : model::Tri::yes,
                      {{model::Number::duration_ms, 100.0 + number + i}}});
  }
  model::ExecutionBatch batch = vitals::test::batch_of(events);
  batch.ids = {};
  const auto set = [&batch](Label label, const std::string& text) {
    batch[label].codes.push_back(batch[label].dictionary.intern(text));
  };
  for (int i = 0; i < 12; ++i) {
    const bool theirs = i % 5 == 0 && i < 10;
    const std::string row = std::to_string(number) + "-" + std::to_string(i);
    batch.ids.push_back((theirs ? kId : "id") + "-" + row);
    set(Label::user, theirs ? kUser : i == 10 ? "" : "other-" + std::to_string(i));
    set(Label::session, theirs || i >= 10 ? kSession : "session-" + row);
    using namespace std::string_literals;
    batch.attributes.codes.push_back(
        batch.attributes.pairs.intern("tags.customer\0"s + (theirs ? kTag : "acme")));
    batch.attributes.ends.push_back(static_cast<std::uint32_t>(i + 1));
  }
  return batch;
}

/// A house on a real store that can be left in the middle of anything.
class RocksHouse {
 public:
  explicit RocksHouse(const Options& options = {}) : house(options) {
    house.stop();
    open();
    house.start();
  }
  ~RocksHouse() {
    house.stop();
    house.store.replace(nullptr);
  }
  /// Without a word to the store: what is not synced may be gone.
  void crash() {
    house.stop();
    house.store.replace(nullptr);
    open();
    house.start();
  }
  void open() {
    store::RocksOptions options;
    options.folder = folder_.file("store");
    auto opened = store::open_rocks(options, quiet_logger());
    REQUIRE(opened);
    house.store.replace(std::move(opened).value());
  }
  void fill(int batches) {
    for (int i = 0; i < batches; ++i) {
      house.post(traffic(i, house.now() - (i % 5) * kDayMs));
    }
  }
  /// The traces that bytes of the store's files hold.
  std::vector<std::string> in_files(const std::vector<std::string>& traces = kTraces) const {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::directory_iterator(folder_.file("store"))) {
      std::ifstream in(file.path(), std::ios::binary);
      std::stringstream bytes;
      bytes << in.rdbuf();
      for (const std::string& trace : traces) {
        if (bytes.str().find(trace) != std::string::npos) found.push_back(trace);
      }
    }
    return found;
  }
  /// The traces that all rows of the log hold, decoded.
  std::vector<std::string> in_log() const {
    std::vector<std::string> found;
    const events::LogView view(*house.log, house.store.snapshot());
    events::ScanRequest request;
    request.columns = model::ColumnSet::all();
    const Status visited = view.visit(request, [&](const events::Block& block, const auto& rows) {
      for (const std::uint32_t row : rows) {
        const auto& batch = block.rows;
        for (const auto text : {batch[Label::user].at(row), batch[Label::session].at(row),
                                batch.attributes.value(row, "tags.customer"), batch.ids.at(row)}) {
          for (const std::string& trace : kTraces) {
            if (text.find(trace) != std::string_view::npos) found.push_back(trace);
          }
        }
      }
      return Status{};
    });
    REQUIRE(visited);
    return found;
  }

  /// What must stay, by resolution and prompt, and the distinct users and sessions, which must not.
  struct Totals {
    metrics::Counts counts;
    double duration_ms = 0;
    bool operator==(const Totals&) const = default;
  };
  struct Cells {
    std::map<std::string, Totals> totals;
    double users = 0, sessions = 0;  // of all days together
  };
  Cells cells() {
    REQUIRE(house.maintenance->complete_cells());
    Cells cells;
    const series::CellView view(*house.rollups, house.store.snapshot());
    for (const series::Resolution resolution : series::kResolutions) {
      metrics::Needs needs;
      needs.add_moments(metrics::Measure{});
      needs.users = needs.sessions = resolution != series::Resolution::minute;
      metrics::Cell all(needs);
      REQUIRE(view.visit(resolution, 0, house.now() + 2 * kDayMs, needs, {},
                         [&](series::SeriesId id, TimeMs, const metrics::Cell& cell) {
                           std::string key(to_string(resolution));
                           key += view.index().label(id, 0);
                           Totals& totals = cells.totals[key];
                           totals.counts.merge(cell.counts);
                           totals.duration_ms += cell.moments(metrics::Measure{})->total();
                           all.merge(cell);
                         }));
      if (resolution != series::Resolution::day) continue;
      cells.users = all.users()->estimate();
      cells.sessions = all.sessions()->estimate();
    }
    return cells;
  }

  House house;

 private:
  vitals::test::TempFolder folder_;
};

}  // namespace vitals::pipeline::test
