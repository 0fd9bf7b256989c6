// One user is taken out of everything, on a real store, over crashes.
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>

#include <vitals/events/log_view.h>
#include <vitals/registry/erasures.h>
#include <vitals/series/cell_view.h>
#include <vitals/store/rocks.h>

#include "house.h"
#include "support/few_events.h"
#include "support/temp_folder.h"

using namespace vitals;
using namespace vitals::pipeline;
using namespace vitals::pipeline::test;
using model::Label;

namespace {

constexpr DurationMs kDayMs = 86'400'000;
// No hexadecimal digits, which blocks would pack: whoever looks for them in files finds them.
const std::string kUser = "zulu-the-user-to-go";
const std::string kSession = "kilo-the-session-to-go";
const std::string kTag = "quebec-the-value-to-go";
const std::string kId = "yankee-the-id-to-go";
const std::vector<std::string> kTraces{kUser, kSession, kTag, kId};

/// Ten executions, of which every fifth is the user's; one of the session but of no user, and one
/// of the session but of somebody else.
model::ExecutionBatch traffic(int number, TimeMs time_ms) {
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
  RocksHouse() {
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
  std::vector<std::string> in_files() const {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::directory_iterator(folder_.file("store"))) {
      std::ifstream in(file.path(), std::ios::binary);
      std::stringstream bytes;
      bytes << in.rdbuf();
      for (const std::string& trace : kTraces) {
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

constexpr int kBatches = 40;

void require_clean(RocksHouse& rocks, const RocksHouse::Cells& before) {
  CHECK(rocks.in_log().empty());
  CHECK(rocks.in_files().empty());
  const RocksHouse::Cells after = rocks.cells();
  CHECK(after.totals == before.totals);
  CHECK(after.users == before.users - 1);
  CHECK(after.sessions == before.sessions - 1);
  rocks.house.require_everywhere(kBatches * 12);
  const auto book = registry::Erasures::open(rocks.house.store);
  REQUIRE(book);
  CHECK(book->all()->empty());
}

}  // namespace

TEST_CASE("an erased user is in no row, name, cell or file, and totals stay") {
  RocksHouse rocks;
  rocks.fill(kBatches);
  const RocksHouse::Cells before = rocks.cells();
  rocks.crash();  // now it is in tables, not only in the write-ahead log
  CHECK(!rocks.in_log().empty());
  CHECK(!rocks.in_files().empty());

  const auto proof = rocks.house.maintenance->erase_users({kUser});
  REQUIRE(proof);
  CHECK(proof->executions == kBatches * 3);
  CHECK(proof->session_only == kBatches);
  CHECK(proof->users == 1);
  CHECK(proof->sessions == 1);
  CHECK(proof->days == 5);
  CHECK(proof->days_kept == 0);
  CHECK(proof->blocks > 0);
  CHECK(proof->files_gone);
  require_clean(rocks, before);

  SECTION("once more there is nothing to erase") {
    const auto again = rocks.house.maintenance->erase_users({kUser});
    REQUIRE(again);
    CHECK(again->executions + again->session_only + again->blocks + again->users == 0);
    CHECK(again->id != proof->id);
  }
  SECTION("what comes later is new") {
    rocks.house.post(traffic(kBatches, rocks.house.now()));
    CHECK(rocks.in_log().size() == 4 * 2 + 2);
  }
}

TEST_CASE("an erasure that a crash cuts short is finished by the next start") {
  const int commits = GENERATE(range(1, 14));
  CAPTURE(commits);
  RocksHouse rocks;
  rocks.fill(kBatches);
  const RocksHouse::Cells before = rocks.cells();
  // The store refuses what comes after so many commits; then the process ends.
  rocks.house.store.fill_after(static_cast<std::uint64_t>(commits));
  const bool done = rocks.house.maintenance->erase_users({kUser}).ok();
  rocks.house.store.make_room();
  rocks.crash();
  rocks.house.clock.advance(60'000);
  rocks.house.maintenance->step();
  if (commits == 1) CHECK(!done);
  require_clean(rocks, before);
}

TEST_CASE("files go only when nobody reads what was there before") {
  RocksHouse rocks;
  rocks.fill(kBatches);
  const RocksHouse::Cells before = rocks.cells();
  auto reader = rocks.house.store.snapshot();
  const auto proof = rocks.house.maintenance->erase_users({kUser});
  REQUIRE(proof);
  CHECK(proof->executions == kBatches * 3);
  CHECK(!proof->files_gone);
  CHECK(!rocks.in_files().empty());
  reader.reset();
  rocks.house.clock.advance(60'000);
  rocks.house.maintenance->step();
  require_clean(rocks, before);
}

TEST_CASE("alerts, silences and deliveries lose pseudonyms of an erased user") {
  const std::string pseudonym = "0123456789abcdef", other = "fedcba9876543210";
  House house;
  rules::Rule rule = success_rule();
  rule.group_by = {"user"};
  rule.annotations["summary"] = "{{labels.user}} fails";
  house.restart({rule});
  for (const std::string& user : {pseudonym, other}) {
    model::ExecutionBatch batch = executions("p-" + user, 0, 20, house.now(), model::Tri::no);
    auto& column = batch[Label::user];
    column.codes.assign(batch.rows(), column.dictionary.intern(user));
    house.post(std::move(batch));
  }
  for (int i = 0; i < 5; ++i) house.turn();
  REQUIRE(house.open_alerts().size() == 2);
  REQUIRE(house.told().size() == 2);
  const auto holders = [&](const std::string& name) {
    std::set<std::string> found;
    const auto snapshot = house.store.snapshot();
    for (const char* const table : {"alerts_open", "alerts_history", "outbox", "silences"}) {
      const auto at = snapshot->scan(*house.store.table(table), {}, {});
      for (; at->valid(); at->next()) {
        if (at->value().find(name) != std::string_view::npos) found.insert(table);
      }
    }
    return found;
  };
  REQUIRE(holders(pseudonym) == std::set<std::string>{"alerts_open", "outbox"});
  model::Silence silence;
  silence.id = "quiet";
  silence.matchers = {{"user", false, {pseudonym}}};
  silence.from = house.now() - 1;
  silence.until = house.now() + 3'600'000;
  REQUIRE(house.spine->silence(silence));

  const auto proof = house.maintenance->erase_users({pseudonym});
  REQUIRE(proof);
  CHECK(proof->alerts == 1);
  CHECK(proof->deliveries == 1);
  CHECK(holders(pseudonym).empty());
  CHECK(holders(other) == std::set<std::string>{"alerts_open", "outbox"});
  // What the spine saves from now on does not bring it back; the other user's alert goes on.
  for (int i = 0; i < 1'000; ++i) house.turn();
  CHECK(holders(pseudonym).empty());
  CHECK(!holders(other).empty());
}
