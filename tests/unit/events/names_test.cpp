// Names of users and sessions that outlive blocks.
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include <vitals/events/event_log.h>
#include <vitals/events/log_view.h>
#include <vitals/store/memory.h>

#include "events/block_index.h"
#include "events/codec/block_codec.h"
#include "events/codec/name_chunk.h"
#include "support/hex.h"
#include "support/manual_clock.h"

using namespace vitals;
using namespace vitals::events;
using model::Label;

namespace {

/// Number n of a field is its n-th letter.
struct Letters final : NameGiver, NameSource {
  std::string letters = "abc";

  std::uint64_t epoch() const override { return 300; }
  void number(Label /*field*/, std::span<const std::string_view> texts,
              std::vector<std::uint64_t>& numbers) override {
    numbers.clear();
    for (const std::string_view text : texts) numbers.push_back(letters.find(text) + 1);
  }
  Status names(Label field, std::uint64_t epoch, std::span<const std::uint64_t> numbers,
               std::vector<std::string_view>& texts) override {
    CHECK(field == Label::user);
    CHECK(epoch == 300);
    texts.assign(numbers.size(), {});
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (numbers[i] > letters.size()) return Error{Errc::corruption, "no such letter"};
      if (numbers[i] != 0) texts[i] = std::string_view(letters).substr(numbers[i] - 1, 1);
    }
    return {};
  }
};

model::ExecutionBatch batch_of(const std::vector<std::string>& users, TimeMs time_ms) {
  static int next_id = 0;
  model::ExecutionBatch batch;
  auto& user = batch[Label::user];
  auto& session = batch[Label::session];
  for (const std::string& name : users) {
    batch.ids.push_back("id-" + std::to_string(next_id++));
    batch.time_ms.push_back(time_ms);
    batch.outcome.push_back(0);
    user.codes.push_back(user.dictionary.intern(name));
    session.codes.push_back(session.dictionary.intern("once " + std::to_string(next_id)));
  }
  return batch;
}

using Names = std::multiset<std::string>;

struct NamedLog {
  std::unique_ptr<store::Store> store = store::open_memory();
  test::ManualClock clock;
  telemetry::Registry telemetry;
  Options options;
  std::unique_ptr<EventLog> log;

  NamedLog() {
    options.names.together = 2;
    reopen();
  }
  void reopen() {
    log.reset();
    auto opened = EventLog::open(*store, clock, options, quiet_logger(), telemetry);
    if (!opened) FAIL(opened.error().message);
    log = std::move(opened).value();
  }
  void append(const std::vector<std::string>& users) const {
    std::vector<model::ExecutionBatch> batches;
    batches.push_back(batch_of(users, clock.now_ms()));
    REQUIRE(log->append(std::move(batches)));
  }
  void erase(const std::string& user) const {
    store::WriteBatch changes;
    REQUIRE(log->erase({*model::parse_filter("user:" + user)}, 0,
                       std::numeric_limits<TimeMs>::max(), 0, log->end(), changes));
    REQUIRE(store->commit(changes, store::Sync::yes));
  }
  void forget() const {
    while (*log->forget_names() > 0) continue;
  }

  /// All that the table names.
  Names stored() const {
    Names names;
    NameChunkCodec codec;
    const auto snapshot = store->snapshot();
    for (auto at = snapshot->scan(log->tables().names, "", ""); at->valid(); at->next()) {
      const auto chunk = codec.decode(at->key(), at->value());
      REQUIRE(chunk);
      for (std::size_t i = 0; i < chunk->texts.size(); ++i) {
        names.emplace(chunk->texts.at(i));
      }
    }
    return names;
  }
  std::vector<std::string> keys() const {
    std::vector<std::string> keys;
    const auto snapshot = store->snapshot();
    for (auto at = snapshot->scan(log->tables().names, "", ""); at->valid(); at->next()) {
      keys.emplace_back(at->key());
    }
    return keys;
  }

  Result<std::string> users(const LogView& view) const {
    ScanRequest request;
    request.columns.add(Label::user);
    const auto scan = view.scan(request);
    std::string all;
    Block block;
    for (;;) {
      const Result<bool> more = scan->next(block);
      if (!more) return more.error();
      if (!*more) return all;
      for (std::size_t row = 0; row < block.rows.rows(); ++row) {
        all += block.rows[Label::user].at(row);
      }
    }
  }
  LogView view() const { return {*log, store->snapshot()}; }
  std::string users() const {
    const auto all = users(view());
    if (!all) FAIL(all.error().message);
    return *all;
  }
};

}  // namespace

TEST_CASE("the bytes of names are what docs/formats/event-block.md says") {
  model::ExecutionBatch batch;
  batch.time_ms = {7, 7, 7};
  auto& user = batch[Label::user];
  for (const char* name : {"b", "?", "b"}) user.codes.push_back(user.dictionary.intern(name));
  Letters letters;
  letters.letters = "ab";
  BlockEncoder encoder;
  const auto bytes = encoder.encode({batch, 0, 3, 0, {}, 7}, &letters);
  REQUIRE(bytes);
  CHECK(test::hex(*bytes) ==
        "04"
        "88e1a41a"
        "12"
        "00030e00000200028e29ea66161112c510c1"
        "000e"
        "02"
        "02ac02800304"
        "00013f0000"
        "01"
        "0103"
        "0002");

  const NameChunk chunk{{1, 2, 4}, {"0a1b2c", {2, 4, 6}}};
  const std::string key = name_key(300, Label::user, 1);
  NameChunkCodec codec;
  CHECK(test::hex(key) ==
        "000000000000012c"
        "06"
        "0000000000000001");
  CHECK(test::hex(*codec.encode(key, chunk)) ==
        "01"
        "b7400be2"
        "03"
        "010203000103"
        "01020000"
        "802214");

  IndexEntry entry{5, 8, 3, 7, 7, 7, 200, 0};
  CHECK(test::hex(encode(entry)) == "0103030e000ec801");
  entry.epoch = 300;
  CHECK(test::hex(encode(entry)) == "0203030e000ec801ac02");
  CHECK(decode_entry(block_key(5), encode(entry))->epoch == 300);
  entry.nobodys = true;
  CHECK(test::hex(encode(entry)) == "0403030e000ec801ac0200");
  CHECK(decode_entry(block_key(5), encode(entry))->nobodys);
}

TEST_CASE("a block gives back the names it has numbers for, when it is asked for them") {
  const model::ExecutionBatch batch = batch_of({"b", "a", "x", "b", "y", "c"}, 7);
  Letters letters;
  BlockEncoder encoder;
  const auto bytes = encoder.encode({batch, 0, 6, 0, {}, 7}, &letters);
  REQUIRE(bytes);
  BlockDecoder decoder;
  Block block;
  model::ColumnSet columns;
  columns.add(Label::user);
  REQUIRE(decoder.decode(*bytes, columns, block, {}, &letters));
  for (std::size_t row = 0; row < 6; ++row) {
    CHECK(block.rows[Label::user].at(row) == batch[Label::user].at(row));
  }
  // Without them it is damaged, other columns are not.
  CHECK(decoder.decode(*bytes, columns, block).error().code == Errc::corruption);
  letters.letters = "ab";
  CHECK(decoder.decode(*bytes, columns, block, {}, &letters).error().message == "no such letter");
  CHECK(decoder.decode(*bytes, {}, block));
}

TEST_CASE("damaged names are an error") {
  const NameChunk chunk{{3, 4, 9}, {"abc", {1, 2, 3}}};
  const std::string key = name_key(1, Label::user, 3);
  NameChunkCodec codec;
  const std::string value = *codec.encode(key, chunk);
  REQUIRE(codec.decode(key, value));
  CHECK(codec.decode(key, value)->numbers == chunk.numbers);
  for (std::size_t at = 0; at < value.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string damaged = value;
      damaged[at] = static_cast<char>(damaged[at] ^ (1U << bit));
      CHECK(codec.decode(key, damaged).error().code == Errc::corruption);
    }
    CHECK_FALSE(codec.decode(key, value.substr(0, at)));
  }
  CHECK_FALSE(codec.decode(name_key(2, Label::user, 3), value));
  CHECK_FALSE(codec.decode("", value));
}

TEST_CASE("a name gets a number when a second block has it") {
  NamedLog f;
  f.append({"a", "b", "c", "a"});
  CHECK(f.stored().empty());
  f.append({"a"});
  CHECK(f.stored().empty());  // alone
  f.append({"b", "d"});
  CHECK(f.stored() == Names{"a", "b"});
  f.append({"a", "b", "c", "d"});
  CHECK(f.stored() == Names{"a", "b", "c", "d"});  // and no session
  CHECK(f.users() == "abcaabdabcd");
  f.reopen();
  CHECK(f.users() == "abcaabdabcd");
  for (int i = 0; i < 10; ++i) f.append({"a", "b"});
  CHECK(f.stored() == Names{"a", "a", "b", "b", "c", "d"});
  while (*f.log->merge_small_blocks() > 0) continue;
  f.forget();
  CHECK(f.users() == "abcaabdabcd" + std::string("ababababababababababab").substr(2));
}

TEST_CASE("names begin anew when an epoch has enough") {
  NamedLog f;
  std::size_t written = 0;  // times that each name is
  SECTION("rows") {
    f.options.names.rows = 6;
    written = 7;  // by the second of every three blocks
  }
  SECTION("time") {
    f.options.names.age_ms = 3;
    written = 7;
  }
  SECTION("names: no second block has any") { f.options.names.names = 2; }
  SECTION("bytes: no second block has any") { f.options.names.bytes = 1; }
  f.reopen();
  std::string expected;
  for (int i = 0; i < 20; ++i) {
    f.append({"a", "b"});
    f.clock.advance(1);
    expected += "ab";
  }
  CHECK(f.users() == expected);
  CHECK(f.stored().count("a") == written);
  while (*f.log->merge_small_blocks() > 0) continue;
  CHECK(f.users() == expected);
}

TEST_CASE("an erased name is gone, and may come again") {
  NamedLog f;
  for (int i = 0; i < 3; ++i) f.append({"a", "b", "c"});
  REQUIRE(f.stored() == Names{"a", "b", "c"});
  const LogView before = f.view();
  f.erase("b");
  f.append({"b"});
  f.forget();
  CHECK(f.stored() == Names{"a", "c"});
  CHECK(f.users() == "acacacb");
  CHECK(*f.users(before) == "abcabcabc");
  CHECK(f.users() == "acacacb");
  for (int i = 0; i < 3; ++i) f.append({"a", "b", "c"});
  CHECK(f.stored() == Names{"a", "a", "b", "c", "c"});
  CHECK(f.users() == "acacacbabcabcabc");
  f.erase("a");
  f.erase("c");
  f.forget();
  CHECK(f.stored() == Names{"b"});
  f.erase("b");
  f.forget();
  CHECK(f.keys().empty());
}

TEST_CASE("a view of before an erasure reads the last names too, which newer ones do not have") {
  NamedLog f;
  for (int i = 0; i < 3; ++i) f.append({"a", "b", "c"});
  const LogView before = f.view();
  f.erase("c");
  f.forget();
  REQUIRE(f.stored() == Names{"a", "b"});
  REQUIRE(f.users() == "ababab");  // what it read is now known to all readers
  const auto users = f.users(before);
  REQUIRE(users);
  CHECK(*users == "abcabcabc");
}

TEST_CASE("an erased name that waits for a number does not get one") {
  NamedLog f;
  f.append({"a", "b"});
  f.append({"a"});
  f.erase("a");
  f.append({"b"});
  f.append({"b", "c"});
  f.append({"b", "c"});
  CHECK(f.stored() == Names{"b", "c"});
}

TEST_CASE("names go with the last block that needs them") {
  NamedLog f;
  f.options.raw_retention_ms = 1000;
  f.options.dedup_age_ms = 1000;
  f.options.names.rows = 6;
  f.reopen();
  for (int i = 0; i < 3; ++i) f.append({"a", "b"});
  f.clock.advance(600);
  for (int i = 0; i < 3; ++i) f.append({"c", "d"});
  REQUIRE(f.stored() == Names{"a", "b", "c", "d"});
  f.clock.advance(600);
  REQUIRE(*f.log->expire(f.log->end()) == 3);
  f.forget();
  CHECK(f.stored() == Names{"c", "d"});
  CHECK(f.users() == "cdcdcd");
}

TEST_CASE("names that are damaged or missing are named, and nothing else suffers") {
  NamedLog f;
  for (int i = 0; i < 3; ++i) f.append({"a", "b"});
  const std::string key = f.keys().at(0);
  store::WriteBatch changes;
  SECTION("damaged") {
    std::string value = **f.store->snapshot()->get(f.log->tables().names, key);
    value.back() = static_cast<char>(value.back() ^ 1);
    changes.put(f.log->tables().names, key, value);
  }
  SECTION("missing") { changes.erase(f.log->tables().names, key); }
  REQUIRE(f.store->commit(changes, store::Sync::yes));
  f.reopen();
  CHECK(f.log->stats().events == 6);  // the tail is not cut
  const auto damaged = f.users(f.view());
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().code == Errc::corruption);
  CHECK_THAT(damaged.error().message, Catch::Contains("event block 2: event names: epoch 1"));
  ScanRequest request;
  request.columns.ids = true;
  const LogView view = f.view();
  const auto scan = view.scan(request);
  Block block;
  for (int i = 0; i < 3; ++i) CHECK(*scan->next(block));
  f.append({"a", "b"});
  f.forget();
  CHECK(f.log->stats().events == 8);
}
