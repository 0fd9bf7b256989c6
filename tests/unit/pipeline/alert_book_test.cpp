#include <catch2/catch.hpp>

#include <vitals/pipeline/alert_book.h>
#include <vitals/store/memory.h>

using namespace vitals;
using namespace vitals::pipeline;
using model::AlertStatus;

namespace {

model::Alert alert(const std::string& id, AlertStatus status, TimeMs resolved_at = 0) {
  model::Alert alert;
  alert.id = id;
  alert.rule = "success";
  alert.labels = {{"prompt", "a"}};
  alert.metric = "execution_success_rate";
  alert.value = 12.5;
  alert.status = status;
  alert.pending_since = 1'000;
  alert.firing_since = status == AlertStatus::pending ? 0 : 2'000;
  alert.resolved_at = resolved_at;
  return alert;
}

struct Shelf {
  std::unique_ptr<store::Store> store = store::open_memory();
  AlertBook book = *AlertBook::open(*store);

  void record(const model::Alert& alert) {
    store::WriteBatch changes;
    book.record(alert, changes);
    REQUIRE(store->commit(changes, store::Sync::yes));
  }
  std::vector<std::string> history(std::uint32_t limit = 100) const {
    std::vector<std::string> ids;
    const auto alerts = book.history(limit);
    for (const model::Alert& alert : *alerts) ids.push_back(alert.id);
    return ids;
  }
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("an alert is in the book as it is, open or in the history, never in both") {
  Shelf shelf;
  for (const AlertStatus status : {AlertStatus::pending, AlertStatus::firing}) {
    shelf.record(alert("1", status));
    CHECK(*shelf.book.open_alerts() == std::vector{alert("1", status)});
    CHECK(*shelf.book.find("1") == alert("1", status));
    CHECK(shelf.history().empty());
  }
  const model::Alert resolved = alert("1", AlertStatus::resolved, 3'000);
  shelf.record(resolved);
  CHECK(shelf.book.open_alerts()->empty());
  CHECK(*shelf.book.history(100) == std::vector{resolved});
  CHECK(*shelf.book.find("1") == resolved);
  CHECK(*shelf.book.find("2") == std::nullopt);
  shelf.record(alert("3", AlertStatus::firing));
  Ids visited;
  const auto visitor = [&](const model::Alert& one) { visited.push_back(one.id); };
  REQUIRE(shelf.book.visit(3'000, visitor));
  REQUIRE(shelf.book.visit(3'001, visitor));
  CHECK(visited == Ids{"3", "1", "3"});
  CHECK(*AlertBook::open(*shelf.store)->find("1") == resolved);
}

TEST_CASE("what was only pending leaves nothing behind") {
  Shelf shelf;
  shelf.record(alert("1", AlertStatus::pending));
  model::Alert gone = alert("1", AlertStatus::resolved, 3'000);
  gone.firing_since = 0;
  shelf.record(gone);
  CHECK(shelf.book.open_alerts()->empty());
  CHECK(shelf.history().empty());
  CHECK(*shelf.book.find("1") == std::nullopt);
}

TEST_CASE("the history is newest first, and forgets what was resolved before a time") {
  Shelf shelf;
  shelf.record(alert("b", AlertStatus::resolved, 5'000));
  shelf.record(alert("c", AlertStatus::resolved, 7'000));
  shelf.record(alert("a", AlertStatus::resolved, 6'000));
  shelf.record(alert("open", AlertStatus::firing));
  CHECK(shelf.history() == Ids{"c", "a", "b"});
  CHECK(shelf.history(2) == Ids{"c", "a"});

  store::WriteBatch changes;
  shelf.book.expire(6'000, changes);
  REQUIRE(shelf.store->commit(changes, store::Sync::no));
  CHECK(shelf.history() == Ids{"c", "a"});
  CHECK(shelf.book.open_alerts()->size() == 1);
}
