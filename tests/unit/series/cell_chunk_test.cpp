#include "series/cell_chunk.h"

#include <random>

#include <catch2/catch.hpp>

#include "plain_model.h"

using namespace vitals;
using namespace vitals::series;
using namespace vitals::series::test;
using metrics::Cell;
using metrics::Needs;
using model::Number;

namespace {

constexpr TimeMs kHour = 1'790'035'200'000;

struct Row {
  SeriesId series;
  TimeMs bucket;
  Cell cell;
};

Cell cell_of(const std::vector<Event>& events, const Needs& needs = Needs::everything()) {
  const Batch batch = batch_of(events);
  const metrics::MeasuredBatch measured(*batch, {});
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < events.size(); ++row) rows.push_back(row);
  Cell cell(needs);
  cell.add(measured, rows);
  return cell;
}

std::vector<Row> random_rows(std::mt19937_64& random, std::size_t count) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < count; ++i) {
    const auto size = random() % 5 == 0 ? random() % 700 : random() % 12;
    const auto bucket = kHour + static_cast<TimeMs>(i % 3) * 3'600'000;
    rows.push_back({static_cast<SeriesId>(i / 3 * 2), bucket,
                    cell_of(random_events(random, 1 + size, kHour, 1000))});
  }
  return rows;
}

std::string encode(const std::vector<Row>& rows, Fullness fullness = Fullness::full) {
  ChunkEncoder encoder(Resolution::hour, fullness);
  for (const Row& row : rows) encoder.add(row.series, row.bucket, row.cell);
  ColumnWriter writer;
  return encoder.finish(writer);
}

Result<ChunkDecoder> open(std::string_view bytes, const Needs& needs = Needs::everything()) {
  ColumnReader reader;
  return ChunkDecoder::open(bytes, needs, reader);
}

/// Reads every cell; what it finds does not matter, only that it stays within its bounds.
void read_all(std::string_view bytes) {
  const auto decoder = open(bytes);
  if (!decoder) {
    REQUIRE(decoder.error().code == Errc::corruption);
    return;
  }
  Cell cell;
  for (std::size_t row = 0; row < decoder->cells(); ++row) {
    const Status read = decoder->read(row, cell);
    if (!read) REQUIRE(read.error().code == Errc::corruption);
  }
}

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto value = static_cast<unsigned char>(byte);
    out += {kDigits[value >> 4U], kDigits[value & 15U]};
  }
  return out;
}

}  // namespace

TEST_CASE("a chunk gives its cells back") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const std::vector<Row> rows = random_rows(random, 90);
  const std::string bytes = encode(rows);
  const auto decoder = open(bytes);
  REQUIRE(decoder);
  REQUIRE(decoder->cells() == rows.size());
  Cell cell;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    REQUIRE(decoder->series(i) == rows[i].series);
    REQUIRE(decoder->bucket(i) == rows[i].bucket);
    REQUIRE(decoder->read(i, cell));
    REQUIRE(cell.counts == rows[i].cell.counts);
    REQUIRE(*cell.users() == *rows[i].cell.users());
    REQUIRE(cell.error_types() == rows[i].cell.error_types());
    for (std::size_t m = 0; m < metrics::kMeasureCount; ++m) {
      CAPTURE(i, m);
      const auto measure = static_cast<metrics::Measure>(m);
      const sketch::Moments& was = *rows[i].cell.moments(measure);
      const sketch::Moments& is = *cell.moments(measure);
      REQUIRE(is.count == was.count);
      if (was.count == 0) continue;
      REQUIRE(is.total() == Approx(was.total()).epsilon(1e-13));
      REQUIRE(is.mean == Approx(was.mean).epsilon(1e-13));
      REQUIRE(is.m2 == Approx(was.m2).epsilon(1e-10).margin(1e-9));
      if (m < model::kNumberCount) {
        REQUIRE(is.min == was.min);
        REQUIRE(is.max == was.max);
        REQUIRE(*cell.sketch(measure) == *rows[i].cell.sketch(measure));
      }
    }
  }
}

TEST_CASE("a chunk that its error types fill comes back") {
  std::vector<Row> rows;
  ChunkEncoder encoder(Resolution::hour, Fullness::full);
  Needs needs;
  needs.error_types = true;
  for (SeriesId series = 0; !encoder.full(); ++series) {
    Cell cell(needs);
    for (std::size_t i = 0; i < Cell::kErrorTypesMax; ++i) {
      std::string type = std::to_string(rows.size()) + "." + std::to_string(i);
      type.resize(256, 'x');
      cell.add_error_type(type, 1);
    }
    rows.push_back({series, kHour, cell});
    encoder.add(series, kHour, cell);
  }
  REQUIRE(rows.size() * Cell::kErrorTypesMax * 256 > 8U << 20U);
  ColumnWriter writer;
  const std::string bytes = encoder.finish(writer);
  const auto decoder = open(bytes, needs);
  REQUIRE(decoder);
  Cell cell;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    REQUIRE(decoder->read(row, cell));
    REQUIRE(cell.error_types() == rows[row].cell.error_types());
  }
}

TEST_CASE("only what is needed is read") {
  std::mt19937_64 random(1);
  const std::string bytes = encode(random_rows(random, 30));
  Needs needs;
  needs.add_sketch(metrics::measure_of(Number::duration_ms));
  const auto decoder = open(bytes, needs);
  REQUIRE(decoder);
  Cell cell;
  REQUIRE(decoder->read(0, cell));
  REQUIRE(cell.needs() == needs);
  REQUIRE(cell.sketch(metrics::measure_of(Number::duration_ms))->count() > 0);
  REQUIRE(cell.moments(metrics::measure_of(Number::duration_ms)) == nullptr);
  REQUIRE(cell.users() == nullptr);
}

TEST_CASE("three values of a thin cell come back as they were") {
  Needs needs;
  needs.add_moments(metrics::measure_of(Number::duration_ms));
  std::vector<Event> events(3);
  const std::vector<std::vector<double>> triples{
      {0.1, 0.2, 0.4}, {-7.3, 1e9, 12.25}, {5, 5, 5}, {1.0 / 3, 2.0 / 3, 1e-3}};
  for (const auto& triple : triples) {
    for (std::size_t i = 0; i < 3; ++i) events[i].numbers = {{Number::duration_ms, triple[i]}};
    const std::string bytes = encode({{1, kHour, cell_of(events, needs)}}, Fullness::thin);
    const auto decoder = open(bytes, needs);
    REQUIRE(decoder);
    Cell cell;
    REQUIRE(decoder->read(0, cell));
    const sketch::Moments& moments = *cell.moments(metrics::measure_of(Number::duration_ms));
    REQUIRE(moments.count == 3);
    REQUIRE(moments.min == *std::min_element(triple.begin(), triple.end()));
    REQUIRE(moments.max == *std::max_element(triple.begin(), triple.end()));
    REQUIRE(moments.total() == Approx(triple[0] + triple[1] + triple[2]).epsilon(1e-14));
  }
}

TEST_CASE("the bytes of a chunk are those of docs/formats/cell-chunk.md") {
  Event first, second, third;
  first.numbers = {{Number::duration_ms, 1500.5}, {Number::input_tokens, 300}};
  first.outcome.success = model::Tri::yes;
  first.user = "ann";
  second.numbers = {{Number::duration_ms, 250}};
  second.outcome = {model::Tri::no, model::Tri::yes, model::Tri::no, model::Tri::unknown};
  second.error_type = "timeout";
  third.numbers = {{Number::duration_ms, 10}};
  const std::string bytes =
      encode({{3, kHour, cell_of({first, second})}, {7, kHour + 3'600'000, cell_of({third})}});
  REQUIRE(hex(bytes) ==
          "01d9969a207837aae4010102a0d93c2301000304010000010100020101000100010001000100010001000100"
          "01000100000000011001000100010400c1005c00c000b80000031401000100010100070074696d656f757400"
          "010001101c01010101020088c80013000200d900300000000000000000000000001617010003000002005800"
          "020000000000000000000000000040170100030000020058000200000000000000000000000000");

  std::vector<Event> many(26);
  for (Event& event : many) event.numbers = {{Number::duration_ms, 100}};
  many[25].numbers[0].second = -1;
  Needs needs;
  needs.add_moments(metrics::measure_of(Number::duration_ms));
  needs.add_sketch(metrics::measure_of(Number::duration_ms));
  REQUIRE(hex(encode({{1, kHour, cell_of(many, needs)}})) ==
          "01ebf6cfe63ad69d70010101a0d93c0f0100010001001a0000000000000000101601000200000000010000c8"
          "01000086270000e2901f0011160001000101000102007c630092930100011900000000");
}

TEST_CASE("every damage to a chunk is noticed by its checksum") {
  std::mt19937_64 random(2);
  const std::string good = encode(random_rows(random, 6));
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ static_cast<char>(1 << (at % 8)));
    REQUIRE_FALSE(open(bad));
  }
  for (std::size_t size = 0; size < good.size(); size += 7) {
    REQUIRE_FALSE(open(std::string_view(good).substr(0, size)));
  }
  REQUIRE_FALSE(open(good + "x"));
}

TEST_CASE("damage that gets past the checksum is corruption or harmless") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const std::vector<std::string> chunks{encode(random_rows(random, 3)),
                                        encode(random_rows(random, 40)), encode({})};
  for (int i = 0; i < 4000; ++i) {
    std::string bytes = chunks[static_cast<std::size_t>(i) % chunks.size()];
    const auto edits = 1 + random() % 4;
    for (std::uint64_t edit = 0; edit < edits; ++edit) {
      const auto at = 9 + random() % (bytes.size() - 9);
      switch (random() % 4) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.resize(std::max<std::size_t>(10, at));
          break;
        case 2:
          bytes.insert(at, 1 + random() % 3, static_cast<char>(random()));
          break;
        default:
          bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1U << (random() % 8)));
      }
    }
    seal_chunk(bytes);
    read_all(bytes);
  }
}
