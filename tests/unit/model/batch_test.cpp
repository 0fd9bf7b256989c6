#include <cmath>

#include <catch2/catch.hpp>

#include <vitals/model/batch.h>
#include <vitals/model/rows.h>

using namespace vitals::model;

namespace {

/// Two rows: one with every kind of column, one bare.
ExecutionBatch sample() {
  ExecutionBatch batch;
  batch.time_ms = {1000, 2000};
  batch.ids.push_back("a");
  batch.ids.push_back("b");
  Outcome good;
  good.success = Tri::yes;
  batch.outcome = {good.packed(), Outcome{}.packed()};
  SymbolColumn& prompt = batch[Label::prompt];
  prompt.codes = {prompt.dictionary.intern("greet"), 0};
  batch.numbers[index(Number::duration_ms)] = {12.5, kAbsent};
  const std::uint32_t pair = batch.attributes.pairs.intern(std::string("tags.region\0eu", 14));
  batch.attributes.codes = {pair};
  batch.attributes.ends = {1, 1};
  return batch;
}

}  // namespace

TEST_CASE("a dictionary numbers texts in order and finds them again, those that it took over too") {
  Dictionary dictionary;
  for (int i = 0; i < 1000; ++i) CHECK(dictionary.intern("t" + std::to_string(i)) == i + 1U);
  CHECK(dictionary.intern("t500") == 501);
  CHECK(dictionary.at(501) == "t500");
  CHECK(dictionary.intern("") == Dictionary::kAbsentCode);

  vitals::model::TextColumn texts;
  for (int i = 0; i < 100; ++i) texts.push_back("t" + std::to_string(i));
  Dictionary taken(texts);
  CHECK(taken.size() == 100);
  CHECK(taken.at(51) == "t50");
  CHECK(taken.intern("t99") == 100);
  CHECK(taken.intern("new") == 101);
  CHECK(taken.intern("t0") == 1);
}

TEST_CASE("appending keeps values and leaves absent ones absent") {
  ExecutionBatch bare;
  bare.time_ms = {500};
  bare.ids.push_back("z");
  bare.outcome = {0};

  ExecutionBatch all = bare;
  all.append(sample());
  all.append(bare);
  REQUIRE(all.rows() == 4);
  CHECK(all.ids.at(1) == "a");
  CHECK(all[Label::prompt].at(0).empty());
  CHECK(all[Label::prompt].at(1) == "greet");
  CHECK(all[Label::prompt].at(3).empty());
  CHECK(std::isnan(all.number(Number::duration_ms, 0)));
  CHECK(all.number(Number::duration_ms, 1) == 12.5);
  CHECK(std::isnan(all.number(Number::duration_ms, 3)));
  CHECK(all.attributes.value(1, "tags.region") == "eu");
  CHECK(all.attributes.value(0, "tags.region").empty());
  CHECK(all.attributes.value(3, "tags.region").empty());
  CHECK(all.outcome_at(1).success == Tri::yes);
}

TEST_CASE("filters select rows by label, status, tag and absence") {
  const ExecutionBatch batch = sample();
  const auto rows = [&batch](const char* text) {
    return select_rows(batch, {*parse_filter(text)});
  };
  using Rows = std::vector<std::uint32_t>;
  CHECK(rows("prompt:greet") == Rows{0});
  CHECK(rows("prompt:g*t|other") == Rows{0});
  CHECK(rows("prompt:!greet") == Rows{1});
  CHECK(rows("prompt:") == Rows{1});
  CHECK(rows("prompt:!") == Rows{0});
  CHECK(rows("prompt:*") == Rows{0});
  CHECK(rows("status:success") == Rows{0});
  CHECK(rows("tags.region:eu") == Rows{0});
  CHECK(rows("tags.other:eu").empty());
  CHECK(rows("id:b") == Rows{1});
  CHECK(rows("user:somebody").empty());
}

TEST_CASE("a filter prints as it is read, and an unknown field is named") {
  CHECK(parse_filter("model:!a|b*")->to_string() == "model:!a|b*");
  const auto bad = parse_filter("colour:red");
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().message.find("'colour'") != std::string::npos);
  CHECK_FALSE(parse_filter("prompt").ok());
}
