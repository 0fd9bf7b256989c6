#include <catch2/catch.hpp>

#include <vitals/registry/erasures.h>
#include <vitals/store/memory.h>

namespace vitals::registry::test {

TEST_CASE("an erasure is read back as it was written, in these bytes") {
  const auto store = store::open_memory();
  const auto book = Erasures::open(*store);
  REQUIRE(book);
  Erasure erasure{"018f", 1'790'000'000'000, 42, {{"00000000000000aa"}, {"b", "c"}}, true};
  erasure.id_key.emplace().fill(0xa5);
  store::WriteBatch changes;
  book->put(erasure, changes);
  REQUIRE(changes.changes().size() == 1);
  CHECK(changes.changes().front().value ==
        R"({"asked_at":1790000000000,"before":42,"format":1,"id":"018f",)"
        R"("id_key":"a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5",)"
        R"("rewritten":false,"sessions":["b","c"],"sessions_known":true,)"
        R"("users":["00000000000000aa"]})");
  REQUIRE(store->commit(changes, store::Sync::yes));
  const auto all = book->all();
  REQUIRE(all);
  CHECK(*all == std::vector{erasure});

  store::WriteBatch removal;
  book->remove(erasure.id, removal);
  REQUIRE(store->commit(removal, store::Sync::yes));
  CHECK(book->all()->empty());
}

TEST_CASE("an erasure that an older version wrote has no key of ids") {
  const auto store = store::open_memory();
  const auto book = Erasures::open(*store);
  REQUIRE(book);
  store::WriteBatch changes;
  changes.put(book->table(), "018f",
              R"({"asked_at":1,"before":42,"format":1,"id":"018f","rewritten":false,)"
              R"("sessions":[],"sessions_known":true,"users":["aa"]})");
  REQUIRE(store->commit(changes, store::Sync::yes));
  const auto all = book->all();
  REQUIRE(all);
  CHECK(*all == std::vector{Erasure{"018f", 1, 42, {{"aa"}, {}}, true}});
}

TEST_CASE("a damaged erasure is refused without quoting it") {
  const auto store = store::open_memory();
  const auto book = Erasures::open(*store);
  REQUIRE(book);
  const char* const key = R"({"asked_at":1,"before":42,"format":1,"id":"1","rewritten":false,)"
                          R"("sessions":[],"sessions_known":true,"users":[],"id_key":"ann"})";
  for (const char* const value : {R"({"format":2,"users":["ann"]})", R"({"ann")", "{}", key}) {
    store::WriteBatch changes;
    changes.put(book->table(), "ann", value);
    REQUIRE(store->commit(changes, store::Sync::yes));
    const auto all = book->all();
    REQUIRE_FALSE(all);
    CHECK(all.error().code == Errc::corruption);
    CHECK(all.error().message.find("ann") == std::string::npos);
  }
}

}  // namespace vitals::registry::test
