#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/registry/error_templates.h>
#include <vitals/store/memory.h>

namespace vitals::registry::test {
namespace {

constexpr TimeMs kNow = 1'790'000'000'000;

struct Kept {
  std::unique_ptr<store::Store> store = store::open_memory();
  std::unique_ptr<ErrorTemplates> templates = *ErrorTemplates::open(*store);

  void restart() {
    templates.reset();
    templates = *ErrorTemplates::open(*store);
  }
  std::string stored(const std::string& type) {
    return store->snapshot()->get(*store->table("error_templates"), type)->value_or("");
  }
  void fill(TimeMs now) {
    for (std::size_t i = templates->size(); i < ErrorTemplates::kTemplatesMax; ++i) {
      REQUIRE(*templates->note("other:" + std::to_string(i), "template", now));
    }
  }
};

TEST_CASE_METHOD(Kept, "templates are found by their class, also after a restart") {
  CHECK(*templates->note("other:lock_1", "lock of * is held", kNow));
  CHECK(*templates->note("other:lock_1", "lock of * is held", kNow + 1));
  CHECK(*templates->note("other:key_2", "key error: *", kNow));
  restart();
  CHECK(templates->find("other:lock_1") == "lock of * is held");
  CHECK(templates->find("other:key_2") == "key error: *");
  CHECK_FALSE(templates->find("other:key").has_value());
  CHECK(templates->size() == 2);
}

TEST_CASE_METHOD(Kept, "a class stands for one template only") {
  CHECK(*templates->note("other:lock_1", "lock of * is held", kNow));
  CHECK_FALSE(*templates->note("other:lock_1", "lock * lost", kNow + 2 * kDayMs));
  CHECK(templates->find("other:lock_1") == "lock of * is held");
}

TEST_CASE_METHOD(Kept, "the stored form of a template stays what its page says") {
  CHECK(*templates->note("other:key_error_7f5bca", "key error: *", kNow));
  CHECK(stored("other:key_error_7f5bca") ==
        R"({"format":1,"seen":1790000000000,"template":"key error: *"})");
}

TEST_CASE_METHOD(Kept, "when a template was met is written once a day") {
  CHECK(*templates->note("other:a", "a", kNow));
  CHECK(*templates->note("other:a", "a", kNow + kDayMs - 1));
  CHECK(stored("other:a").find("\"seen\":1790000000000,") != std::string::npos);
  CHECK(*templates->note("other:a", "a", kNow + kDayMs));
  CHECK(stored("other:a").find("\"seen\":1790086400000,") != std::string::npos);
}

TEST_CASE_METHOD(Kept, "there are no more templates than so many, and old ones make room") {
  REQUIRE(*templates->note("other:old", "old", kNow));
  fill(kNow + kDayMs);
  const TimeMs early = kNow + ErrorTemplates::kForgottenAfterMs;
  CHECK_FALSE(*templates->note("other:new", "new", early));
  CHECK(*templates->note("other:1", "template", early));
  CHECK(templates->find("other:old") == "old");

  CHECK(*templates->note("other:new", "new", early + 1));
  CHECK_FALSE(*templates->note("other:newer", "newer", early + 1));
  CHECK(templates->size() == ErrorTemplates::kTemplatesMax);
  restart();
  CHECK(templates->size() == ErrorTemplates::kTemplatesMax);
  CHECK(templates->find("other:new") == "new");
  CHECK_FALSE(templates->find("other:old").has_value());
}

TEST_CASE_METHOD(Kept, "a damaged template is left out and named") {
  CHECK(*templates->note("other:a", "a", kNow));
  store::WriteBatch damage;
  damage.put(*store->table("error_templates"), "other:b", "{}");
  damage.put(*store->table("error_templates"), "other:c", R"({"format":2})");
  REQUIRE(store->commit(damage, store::Sync::yes));
  std::vector<Error> unreadable;
  const auto opened = ErrorTemplates::open(*store, &unreadable);
  REQUIRE(opened);
  CHECK((*opened)->size() == 1);
  REQUIRE(unreadable.size() == 2);
  CHECK(unreadable[0].message.find("other:b: stored template is damaged") == 0);
  CHECK(unreadable[1].message == "other:c: stored template of unknown format 2");
}

TEST_CASE_METHOD(Kept, "threads that meet new templates at once keep within the bound") {
  std::atomic<std::size_t> kept{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 400; ++i) {
        const std::string type = "other:" + std::to_string(t) + "_" + std::to_string(i);
        if (*templates->note(type, "template", kNow)) ++kept;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(kept == ErrorTemplates::kTemplatesMax);
  CHECK(templates->size() == ErrorTemplates::kTemplatesMax);
}

}  // namespace
}  // namespace vitals::registry::test
