#include "events/codec/block_codec.h"

#include <algorithm>
#include <numeric>

#include <catch2/catch.hpp>

#include <vitals/model/rows.h>

#include "batches.h"
#include "events/codec/block_layout.h"
#include "events/codec/checksum.h"
#include "events/codec/integers.h"
#include "support/event_stream.h"
#include "support/hex.h"

using namespace vitals;
using namespace vitals::events;
using test::describe;

namespace {

std::string encode(const BlockSource& source) {
  BlockEncoder encoder;
  Result<std::string> bytes = encoder.encode(source);
  REQUIRE(bytes);
  return std::move(bytes).value();
}

BlockSource whole(const model::ExecutionBatch& batch) {
  return {batch, 0, batch.rows(), 100, {}, 5};
}

std::vector<std::string> make_ids(std::mt19937_64& random, std::size_t count) {
  const std::uint64_t kind = random() % 4;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < count; ++i) {
    std::string hex;
    for (int digit = 0; digit < 32; ++digit) hex += "0123456789abcdef"[random() % 16];
    switch (kind) {
      case 0:
        ids.push_back(hex.substr(0, 8) + "-" + hex.substr(8, 20));
        break;
      case 1:
        ids.push_back("run-" + std::to_string(i));
        break;
      case 2:
        ids.push_back(std::string(random() % 128, static_cast<char>(random())) + hex);
        break;
      default:
        ids.push_back("x" + std::string(1, '\0') + hex);
    }
  }
  return ids;
}

}  // namespace

TEST_CASE("XXH64 gives the values of its specification's reference") {
  CHECK(xxh64("") == 0xef46db3751d8e999ULL);
  CHECK(xxh64("a") == 0xd24ec4f1a98c6e5bULL);
  CHECK(xxh64("abc") == 0x44bc2cf5ad770999ULL);
  CHECK(xxh64("Nobody inspects the spammish repetition") == 0xfbcea83c8a378bf1ULL);
}

TEST_CASE("a block gives back every row to the bit") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  BlockEncoder encoder;
  BlockDecoder decoder;
  for (int round = 0; round < 150; ++round) {
    const auto ids = make_ids(random, 1 + random() % (round % 10 == 0 ? 3000 : 60));
    const auto batch = test::random_batch(random, ids, 1'790'000'000'000);
    const std::size_t begin = random() % batch.rows();
    const std::size_t end = begin + 1 + random() % (batch.rows() - begin);
    const bool holes = random() % 2 == 0;
    std::vector<Position> positions;
    for (Position at = 1000; holes && positions.size() < end - begin;) {
      positions.push_back(at += 1 + random() % 3);
    }
    CAPTURE(round, begin, end, holes);
    const auto bytes = encoder.encode({batch, begin, end, 1000, positions, 77});
    REQUIRE(bytes);
    Block block;
    REQUIRE(decoder.decode(*bytes, model::ColumnSet::all(), block));
    REQUIRE(block.rows.rows() == end - begin);
    CHECK(block.first == 1000);
    CHECK(block.positions == positions);
    CHECK(block.arrival_ms == 77);
    const auto times = std::minmax_element(batch.time_ms.begin() + static_cast<long>(begin),
                                           batch.time_ms.begin() + static_cast<long>(end));
    CHECK(block.min_ms == *times.first);
    CHECK(block.max_ms == *times.second);
    for (std::size_t row = begin; row < end; ++row) {
      REQUIRE(describe(block.rows, row - begin) == describe(batch, row));
    }
  }
}

TEST_CASE("kinds of rows have a version of their own, which no other has") {
  model::ExecutionBatch batch;
  batch.time_ms = {1000, 1250, 1500};
  for (const char* id : {"a",
                         "a\xff"
                         "1",
                         "b\xff"
                         "2"})
    batch.ids.push_back(id);
  batch.outcome = {2, 2, 1};
  BlockEncoder encoder;
  const std::string plain = *encoder.encode({batch, 0, 3, 300, {}, 2000});
  CHECK(plain[0] == 4);
  batch.kinds.assign(3, model::RowKind::execution);
  CHECK(*encoder.encode({batch, 0, 3, 300, {}, 2000}) == plain);

  batch.kinds = {model::RowKind::execution, model::RowKind::feedback, model::RowKind::interaction};
  std::string bytes = *encoder.encode({batch, 0, 3, 300, {}, 2000});
  CHECK(bytes[0] == 7);
  // Section 5: differences of 0 planes, the least 1, the first 0.
  CHECK(test::hex(bytes).ends_with("800200"));
  Block block;
  BlockDecoder decoder;
  REQUIRE(decoder.decode(bytes, {}, block));
  CHECK(block.rows.kinds == batch.kinds);
  bytes[0] = 4;
  CHECK(decoder.decode(bytes, {}, block).error().code == Errc::corruption);
}

TEST_CASE("rows that filters leave out are not decoded, the others are as without") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  BlockEncoder encoder;
  BlockDecoder decoder;
  for (int round = 0; round < 100; ++round) {
    std::vector<std::string> ids;
    for (std::size_t i = 1 + random() % 300; i > 0; --i) ids.push_back("id" + std::to_string(i));
    const model::ExecutionBatch batch = test::random_batch(random, ids, 1'790'000'000'000);
    std::vector<Position> positions;
    if (random() % 2 == 0) {
      for (std::size_t i = 0; i < ids.size(); ++i) positions.push_back(1000 + 2 * i);
    }
    const auto bytes = encoder.encode({batch, 0, ids.size(), 1000, positions, 77});
    REQUIRE(bytes);

    const std::size_t some = random() % ids.size();
    std::vector<model::Filter> filters;
    const auto filter = [&](const std::string& field, std::string_view value) {
      if (random() % 3 == 0) filters.push_back({field, random() % 3 == 0, {std::string(value)}});
    };
    filter("prompt", batch[model::Label::prompt].at(some));
    filter("session", batch[model::Label::session].at(some));
    filter("id", batch.ids.at(some));
    filter("status", random() % 2 == 0 ? "error" : "");
    for (const std::uint32_t pair : batch.attributes.at(some)) {
      const std::string_view text = batch.attributes.pairs.at(pair);
      filter(std::string(model::AttributeColumn::key_of(text)),
             model::AttributeColumn::value_of(text));
    }
    const std::vector<std::uint32_t> rows = model::select_rows(batch, filters);
    Block block;
    REQUIRE(decoder.decode(*bytes, model::ColumnSet::all(), block, filters));
    CAPTURE(round, ids.size(), rows.size());
    CHECK(block.rows_held == ids.size());
    CHECK(block.last == (positions.empty() ? 1000 + ids.size() - 1 : positions.back()));
    REQUIRE(block.rows.rows() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      REQUIRE(describe(block.rows, i) == describe(batch, rows[i]));
      REQUIRE(block.position(i) == (positions.empty() ? 1000 + rows[i] : positions[rows[i]]));
    }
  }
}

TEST_CASE("numbers with a common divisor take no more than their quotients") {
  IntegerWriter writer;
  StreamWriter streams;
  const auto bytes_of = [&](const std::vector<std::uint64_t>& numbers) {
    std::string bytes;
    writer.write(numbers, streams, bytes);
    StreamReader reader;
    ByteReader in(bytes);
    std::vector<std::uint64_t> read;
    CHECK((read_integers(in, numbers.size(), reader, read) && in.at_end()));
    CHECK(read == numbers);
    return bytes;
  };
  // 1 plane, a multiple; least 7; 1,000; 4 bytes as they are: 0 1 200 3
  CHECK(test::hex(bytes_of({7, 1007, 200'007, 3007})) == "410ee807040001c803");
  // differences too: least 60,000, the first 5, 60,000
  CHECK(test::hex(bytes_of({5, 60'005, 180'005, 240'005})) == "c1c0a9070ae0d40303000100");
  const std::uint64_t half = 1ULL << 63U;
  bytes_of({half, 0, half});
}

TEST_CASE("only the wanted columns are decoded") {
  const auto batch = test::EventStream(7).next(500);
  const std::string bytes = encode(whole(batch));
  model::ColumnSet columns;
  columns.add(model::Label::prompt);
  columns.add(model::Number::cpu_ms);
  BlockDecoder decoder;
  Block block;
  REQUIRE(decoder.decode(bytes, columns, block));
  CHECK(block.rows.rows() == 500);
  CHECK(block.rows.ids.size() == 0);
  CHECK(block.rows.outcome.empty());
  CHECK(block.rows.attributes.ends.empty());
  CHECK(block.rows[model::Label::model].codes.empty());
  for (std::size_t row = 0; row < 500; ++row) {
    REQUIRE(block.rows[model::Label::prompt].at(row) == batch[model::Label::prompt].at(row));
    REQUIRE(block.rows.number(model::Number::cpu_ms, row) ==
            batch.number(model::Number::cpu_ms, row));
  }
  CHECK(std::count_if(block.rows.numbers.begin(), block.rows.numbers.end(),
                      [](const auto& column) { return !column.empty(); }) == 1);
}

TEST_CASE("a block of the benchmark's stream stays small") {
  const auto batch = test::EventStream(1).next(10'000);
  CHECK(encode(whole(batch)).size() <= 36 * 10'000);
}

TEST_CASE("blocks that cannot be are refused") {
  BlockEncoder encoder;
  const model::ExecutionBatch none;
  CHECK(encoder.encode({none, 0, 0, 0, {}, 0}).error().code == Errc::invalid_argument);

  model::ExecutionBatch huge;
  huge.time_ms = {1};
  huge.outcome = {0};
  huge.ids.push_back(std::string((64ULL << 20U) + 1, 'x'));
  CHECK(encoder.encode(whole(huge)).error().code == Errc::invalid_argument);
}

TEST_CASE("the bytes of a block are what docs/formats/event-block.md says") {
  model::ExecutionBatch batch;
  batch.time_ms = {1000, 1250, 1500};
  for (const char* id : {"a-01", "a-02", "b-04"}) batch.ids.push_back(id);
  batch.outcome = {2, 2, 1};
  batch[model::Label::prompt].codes = {batch[model::Label::prompt].dictionary.intern("hi"), 1, 1};
  batch.numbers[index(model::Number::duration_ms)] = {12.5, model::kAbsent, 13};
  batch.attributes.codes = {batch.attributes.pairs.intern(std::string("k\0v", 3)), 1};
  batch.attributes.ends = {1, 1, 2};
  const std::string golden =
      "04"
      "1805d4b3"
      "2e"
      "ac02"
      "03"
      "d00f"
      "e807"
      "d00f"
      "06"
      "0005c477f20d"
      "02061a6e3ca8"
      "0312fcd37590"
      "04104d1fff9a"
      "100c06cef31a"
      "4007e192c82a"
      "80f403d00f"
      "010203010100"
      "0104002d0000"
      "011403000001"
      "010203000103"
      "01"
      "00036b0076"
      "0000"
      "010003010001"
      "0002"
      "01"
      "00026869"
      "0000"
      "01"
      "0101"
      "0002"
      "09"
      "0105"
      "800afa01";
  std::string bytes = encode({batch, 0, 3, 300, {}, 2000});
  CHECK(test::hex(bytes) == golden);
  // What is written without divisors and names is a block of version 1, but for its number.
  bytes[0] = 1;
  BlockDecoder decoder;
  Block block;
  REQUIRE(decoder.decode(bytes, model::ColumnSet::all(), block, {}, nullptr).ok());
  CHECK(block.rows.time_ms == batch.time_ms);
  CHECK(block.rows.ids.at(2) == "b-04");
  CHECK(block.rows.number(model::Number::duration_ms, 2) == 13);
}

TEST_CASE("damaged bytes are an error or the same rows, never more") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  BlockDecoder decoder;
  for (int round = 0; round < 20; ++round) {
    const auto ids = make_ids(random, 1 + random() % 200);
    const auto batch = test::random_batch(random, ids, 1'790'000'000'000);
    const std::string bytes = encode(whole(batch));
    for (int mutation = 0; mutation < 100; ++mutation) {
      std::string damaged = bytes;
      switch (random() % 3) {
        case 0:
          damaged.resize(random() % damaged.size());
          break;
        case 1:
          damaged.insert(random() % damaged.size(), 1, static_cast<char>(random()));
          break;
        default:
          for (std::uint64_t i = 1 + random() % 3; i > 0; --i) {
            damaged[random() % damaged.size()] ^= static_cast<char>(1U << random() % 8U);
          }
      }
      if (damaged == bytes) continue;
      Block block;
      const Status status = decoder.decode(damaged, model::ColumnSet::all(), block);
      REQUIRE_FALSE(status);  // every byte is under a checksum
      CHECK(status.error().code == Errc::corruption);
    }
  }
}

TEST_CASE("damage with a right checksum does no harm either") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  BlockDecoder decoder;
  for (int round = 0; round < 40; ++round) {
    const auto ids = make_ids(random, 1 + random() % 100);
    const auto batch = test::random_batch(random, ids, 1'790'000'000'000);
    const std::string bytes = encode(whole(batch));
    BlockLayout layout;
    REQUIRE(layout.read(bytes) == nullptr);
    for (int mutation = 0; mutation < 100; ++mutation) {
      BlockLayout damaged = layout;
      auto& section = damaged.sections[random() % damaged.sections.size()];
      std::string changed(section.bytes);
      for (std::uint64_t i = 1 + random() % 4; i > 0 && !changed.empty(); --i) {
        changed[random() % std::min<std::size_t>(changed.size(), 1 + random() % 64)] =
            static_cast<char>(random());
      }
      if (random() % 8 == 0) damaged.rows = 1 + random() % 200;
      section.bytes = changed;
      Block block;
      if (!decoder.decode(damaged.write(), model::ColumnSet::all(), block)) continue;
      // Whatever it is, it is sound: reading it all stays within bounds.
      for (std::size_t row = 0; row < block.rows.rows(); ++row) {
        CHECK(describe(block.rows, row).size() > 0);
      }
    }
  }
}
