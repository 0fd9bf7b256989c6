// What was said of executions stays with them when their people are taken out, and nothing tells
// what their ids were.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <catch2/catch.hpp>

#include <vitals/model/assessment.h>
#include <vitals/model/signal.h>
#include <vitals/registry/erasures.h>

#include "rocks_house.h"
#include "support/hex.h"

using namespace vitals;
using namespace vitals::pipeline;
using namespace vitals::pipeline::test;

namespace {

constexpr int kMany = 34;  // more blocks than are rewritten at once
// No hexadecimal digits, as in kTraces.
const std::string kFeedbackId = "zoo-id-of-who-goes";
const std::string kComment = "xylo, who says too much";
const std::string kJudge = "yonder-judge-who-goes";
const std::vector<std::string> kTextsToGo{kUser,       kSession, kTag,  kId,
                                          kFeedbackId, kComment, kJudge};

std::string id_of(const std::string& name, int batch, int row) {
  return name + "-" + std::to_string(batch) + "-" + std::to_string(row);
}

/// What people and evaluators say of four executions of a batch: two of the user's, one of the
/// user's session, and one of somebody else.
std::vector<model::Signal> said_of(int batch) {
  using model::Number;
  using model::RowKind;
  const double rating = 1 + batch % 5;
  model::Signal commented{
      RowKind::feedback, id_of(kId, batch, 0), kFeedbackId, 1, {{Number::rating, rating}}};
  commented.comment = kComment;
  model::Signal done{RowKind::interaction, id_of(kId, batch, 0), "", 1};
  done.action = "retry";
  done.user = kUser;
  done.session = kSession;
  return {commented,
          {RowKind::feedback, id_of(kId, batch, 0), "", 1, {{Number::rating, 6 - rating}}},
          {RowKind::assessment, id_of(kId, batch, 5), kJudge, 1, {{Number::clarity, rating}}},
          {RowKind::feedback, id_of("id", batch, 10), "f", 1, {{Number::rating, rating}}},
          {RowKind::feedback, id_of("id", batch, 1), "f", 1, {{Number::rating, rating}}},
          done};
}

/// What the log tells, whatever ids are.
struct Told {
  /// By time and duration of an execution, the opinions that are found by its id.
  std::map<std::pair<TimeMs, double>, std::multiset<std::string>> of;
  std::size_t lost = 0;  ///< opinions of which no execution is found
  std::size_t interactions = 0;

  bool operator==(const Told&) const = default;
};

/// All rows of the log.
model::ExecutionBatch all_rows(const House& house) {
  model::ExecutionBatch all;
  events::ScanRequest request;
  request.columns = model::ColumnSet::all();
  request.interactions = true;
  const events::LogView view(*house.log, house.store.snapshot());
  REQUIRE(view.visit(request, [&all](const events::Block& block, const auto& rows) {
    all.append(block.rows, {rows.begin(), rows.end()});
    return Status();
  }));
  return all;
}

/// Where executions have one id, they are none.
Told tell(const House& house) {
  const model::ExecutionBatch rows = all_rows(house);
  const auto key = [&rows](std::size_t row) {
    return std::pair(rows.time_ms[row], rows.number(model::Number::duration_ms, row));
  };
  Told told;
  std::map<std::string, std::size_t, std::less<>> executions;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (!rows.is_execution(row)) continue;
    CHECK(executions.emplace(rows.ids.at(row), row).second);
    told.of[key(row)];
  }
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (rows.kind(row) == model::RowKind::interaction) ++told.interactions;
    if (!model::is_opinion(rows.kind(row))) continue;
    const auto about = executions.find(model::execution_id_of(rows.ids.at(row)));
    if (about == executions.end()) {
      ++told.lost;
    } else {
      const bool rated = rows.kind(row) == model::RowKind::feedback;
      const auto number = rated ? model::Number::rating : model::Number::clarity;
      told.of[key(about->second)].insert((rated ? "rated " : "scored ") +
                                         std::to_string(rows.number(number, row)));
    }
  }
  return told;
}

/// The texts that any row holds, decoded: id, user, session, tags, comment, evaluators.
std::set<std::string> texts_held(const House& house, const std::vector<std::string>& texts) {
  const model::ExecutionBatch rows = all_rows(house);
  std::set<std::string> found;
  const auto look = [&](std::string_view in) {
    for (const std::string& text : texts) {
      if (in.find(text) != std::string_view::npos) found.insert(text);
    }
  };
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    look(rows.ids.at(row));
    look(rows[Label::user].at(row));
    look(rows[Label::session].at(row));
    for (const std::uint32_t pair : rows.attributes.at(row)) look(rows.attributes.pairs.at(pair));
  }
  return found;
}

/// The executions of as many days, and what is said of them, in blocks behind all of theirs.
void fill_with_opinions(House& house, int days) {
  std::vector<model::Signal> said;
  for (int i = 0; i < kMany; ++i) {
    house.post(traffic(i, house.now() - (i % days) * kDayMs));
    for (const model::Signal& signal : said_of(i)) said.push_back(signal);
  }
  const auto outcome = house.said(said);
  REQUIRE(outcome.accepted == said.size());
  REQUIRE(outcome.waiting == 0);
  REQUIRE(texts_held(house, kTextsToGo).size() == kTextsToGo.size());
}

Told tell_first(const House& house) {
  Told first = tell(house);
  REQUIRE(first.lost == 0);
  REQUIRE(first.interactions == kMany);
  std::size_t opinions = 0;
  for (const auto& [key, said] : first.of) opinions += said.size();
  REQUIRE(opinions == kMany * 5);
  return first;
}

/// The key of the erasure that is under way.
std::optional<std::string> key_at_hand(House& house) {
  const auto book = registry::Erasures::open(house.store);
  REQUIRE(book);
  const auto all = book->all();
  REQUIRE(all);
  if (all->empty() || !all->front().id_key) return std::nullopt;
  const registry::Pseudonyms::Key& key = *all->front().id_key;
  return vitals::test::hex(std::string(key.begin(), key.end()));
}

/// The id of the execution with this time and duration.
std::string id_at(const House& house, TimeMs time_ms, double duration_ms) {
  const model::ExecutionBatch rows = all_rows(house);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (rows.is_execution(row) && rows.time_ms[row] == time_ms &&
        rows.number(model::Number::duration_ms, row) == duration_ms) {
      return std::string(rows.ids.at(row));
    }
  }
  return "";
}

/// Whether an erasure ends before so many commits have filled the disk, which has room again then.
bool erase_while_disk_fills(House& house, int commits) {
  house.store.fill_after(static_cast<std::uint64_t>(commits));
  const bool done = house.maintenance->erase_users({kUser}).ok();
  house.store.make_room();
  return done;
}

}  // namespace

TEST_CASE("what was said of an erased user's executions stays with them") {
  RocksHouse rocks;
  fill_with_opinions(rocks.house, 5);
  const Told before = tell_first(rocks.house);
  rocks.crash();
  const auto proof = rocks.house.maintenance->erase_users({kUser});
  REQUIRE(proof);
  CHECK(proof->executions == kMany * 3);
  CHECK(proof->signals == kMany * 5);
  CHECK(proof->files_gone);
  CHECK(tell(rocks.house) == before);
  CHECK(texts_held(rocks.house, kTextsToGo).empty());
  CHECK(rocks.in_files(kTextsToGo).empty());

  SECTION("also what is said under the new id from then on") {
    const TimeMs time = rocks.house.now();
    const std::string rated = id_at(rocks.house, time, 100);
    const std::string scored = id_at(rocks.house, time + 5, 105);
    const auto outcome = rocks.house.said(
        {{model::RowKind::feedback, rated, "new", 1, {{model::Number::rating, 5}}},
         {model::RowKind::assessment, scored, "judge", 1, {{model::Number::clarity, 3}}}});
    CHECK(outcome.accepted == 2);
    // It is looked for in the whole log, as the window of ids has the old one.
    for (int i = 0; i < 3; ++i) rocks.house.turn();
    Told after = before;
    after.of[{time, 100}].insert("rated 5.000000");
    after.of[{time + 5, 105}] = {"scored 2.000000"};  // the mean of 1 and 3
    CHECK(tell(rocks.house) == after);
  }
  SECTION("and an event that comes again is new, as is what is said of it") {
    model::ExecutionBatch again;
    again.append(traffic(0, rocks.house.now()), std::vector<std::uint32_t>{0, 5});
    rocks.house.post(std::move(again));
    const auto outcome = rocks.house.said(said_of(0));
    CHECK(outcome.duplicates == 1);  // of somebody else
    CHECK(tell(rocks.house).lost == 0);
    const auto second = rocks.house.maintenance->erase_users({kUser});
    REQUIRE(second);
    CHECK(second->executions == 2);
    CHECK(tell(rocks.house).lost == 0);
    CHECK(texts_held(rocks.house, kTextsToGo).empty());
  }
  SECTION("nor does the next user's erasure part them") {
    REQUIRE(rocks.house.maintenance->erase_users({"other-1"}));
    CHECK(tell(rocks.house) == before);
  }
}

TEST_CASE("an erasure that is asked for again after one that failed parts nothing") {
  const int commits = GENERATE(range(2, 8));
  CAPTURE(commits);
  RocksHouse rocks;
  fill_with_opinions(rocks.house, 5);
  const Told before = tell_first(rocks.house);
  const bool done = erase_while_disk_fills(rocks.house, commits);
  if (!done) CHECK(rocks.house.maintenance->erase_users({kUser}));
  CHECK(tell(rocks.house) == before);
  CHECK(texts_held(rocks.house, kTextsToGo).empty());
}

TEST_CASE("a crash in the middle of an erasure parts nothing, and its key goes") {
  const int commits = GENERATE(range(1, 14));
  CAPTURE(commits);
  RocksHouse rocks;
  fill_with_opinions(rocks.house, 5);
  const Told before = tell_first(rocks.house);
  const bool done = erase_while_disk_fills(rocks.house, commits);
  if (commits == 1) CHECK(!done);
  rocks.crash();
  const auto key = key_at_hand(rocks.house);
  SECTION("when nothing has come meanwhile") {
    rocks.house.clock.advance(60'000);
    rocks.house.maintenance->step();
    CHECK(tell(rocks.house) == before);
  }
  SECTION("when executions and feedback have come again meanwhile, and new feedback") {
    if (!key) return;
    // Those that are rewritten are not known any more.
    for (const int batch : {0, kMany - 1}) {
      Writer again;
      REQUIRE(rocks.house.spine->submit(traffic(batch, rocks.house.now() - (batch % 5) * kDayMs),
                                        again.done()));
      rocks.house.spine->step();
      CHECK(again.accepted() + again.duplicates() == 12);
      std::vector<model::Signal> said = said_of(batch);
      said.push_back(
          {model::RowKind::feedback, id_of(kId, batch, 5), "new", 1, {{model::Number::rating, 3}}});
      const auto outcome = rocks.house.said(said);
      CHECK(outcome.accepted + outcome.duplicates == said.size());
      CHECK(outcome.waiting == 0);
    }
    rocks.house.clock.advance(60'000);
    rocks.house.maintenance->step();
    CHECK(tell(rocks.house).lost == 0);
  }
  CHECK(texts_held(rocks.house, kTextsToGo).empty());
  CHECK(rocks.in_files(kTextsToGo).empty());
  if (key) CHECK(rocks.in_files({*key}).empty());
}

TEST_CASE("what privacy.retention takes in one look stays together") {
  Options options;
  options.personal_retention_ms = 2 * kDayMs;
  RocksHouse rocks(options);
  House& house = rocks.house;
  fill_with_opinions(house, 1);
  Told before = tell_first(house);
  const auto hours = [&house](int count) {
    for (int hour = 0; hour < count; ++hour) {
      house.clock.advance(3'600'000);
      while (house.maintenance->step() == 0) continue;
    }
  };
  hours(30);
  // Its id is remembered when the others go, so it goes later.
  CHECK(house.said({{model::RowKind::feedback, "id-0-1", "late", 1, {{model::Number::rating, 3}}}})
            .accepted == 1);
  hours(3 * 24);
  CHECK(texts_held(house, kTextsToGo).empty());
  CHECK(texts_held(house, {"id-"}).empty());
  before.lost = 1;
  CHECK(tell(house) == before);
}
