#include <cmath>

#include <vitals/base/clock.h>

#include "decoding.h"

using namespace vitals;
using namespace vitals::test;
using model::Label;
using model::Number;
using model::Tri;

namespace {

/// `"key":value` inside its object.
std::string member_of(std::string_view object, std::string_view key, const std::string& value) {
  const std::string member = '"' + std::string(key) + "\":" + value;
  return object.empty() ? member : '"' + std::string(object) + "\":{" + member + '}';
}

std::string path_of(std::string_view object, std::string_view key) {
  return object.empty() ? std::string(key) : std::string(object) + '.' + std::string(key);
}

}  // namespace

TEST_CASE("every number is taken in its range and refused outside of it") {
  for (const model::NumberField& field : model::kNumberFields) {
    const auto member = [&](const std::string& value) {
      return member_of(field.object, field.name, value);
    };
    const auto reason = [&](const std::string& value) { return refusal_of(event(member(value))); };
    const std::string path = path_of(field.object, field.name);
    const auto whole = [](double number) { return std::to_string(std::int64_t(number)); };
    INFO(path);
    for (const double good : {field.min, field.max, std::floor((field.min + field.max) / 2)}) {
      CHECK(taken(member(whole(good))).number(field.number, 0) == good);
      CHECK(taken(member(whole(good) + ".0")).number(field.number, 0) == good);
    }
    CHECK_THAT(reason(whole(field.min - 1)),
               Catch::StartsWith(path + ": must be ") &&
                   Catch::EndsWith("from " + whole(field.min) + " to " + whole(field.max) +
                                   ", is " + whole(field.min - 1)));
    CHECK_THAT(reason(whole(field.max + 2)), Catch::StartsWith(path + ": must be "));
    for (const char* bad : {"\"1\"", "true", "[1]", "{}", "1e999", "-1e999",
                            "123456789012345678901234567890", "18446744073709551615"}) {
      INFO(bad);
      CHECK_THAT(reason(bad), Catch::StartsWith(path + ": must be "));
    }
    const model::ExecutionBatch absent = taken(member("null"));
    CHECK(std::isnan(absent.number(field.number, 0)));
    CHECK(absent.numbers[model::index(field.number)].empty());
    if (field.integer) {
      CHECK_THAT(reason("1.5"), Catch::StartsWith(path + ": must be an integer"));
    } else {
      const double half = (field.min + field.max) / 2 + 0.25;
      if (half < field.max) {
        CHECK(taken(member(std::to_string(half))).number(field.number, 0) == half);
      }
    }
  }
}

TEST_CASE("integers that a double cannot hold are refused, minus zero is zero") {
  CHECK(refusal_of(event(R"("input_tokens":9007199254740993)")) ==
        "input_tokens: must be an integer from 0 to 9007199254740992, is 9007199254740993");
  CHECK_FALSE(std::signbit(taken(R"("cost_usd":-0.0)").number(Number::cost_usd, 0)));
  CHECK(refusal_of(event(R"("quality":{"clarity":11})")) ==
        "quality.clarity: must be a number from 0 to 10, is 11");
  CHECK(refusal_of(event(R"("duration_ms":"fast")")) ==
        "duration_ms: must be a number from 0 to 9007199254740992, is \"fast\"");
}

TEST_CASE("every label is a text of at most 256 bytes") {
  const std::string longest(256, 'x');
  for (const model::LabelField& field : model::kLabelFields) {
    if (field.label == Label::prompt) continue;
    const std::size_t dot = field.name.find('.');
    const bool nested = dot != std::string_view::npos;
    const auto member = [&](const std::string& value) {
      return member_of(nested ? field.name.substr(0, dot) : "",
                       nested ? field.name.substr(dot + 1) : field.name, value);
    };
    const auto reason = [&](const std::string& value) { return refusal_of(event(member(value))); };
    const std::string path(field.name);
    INFO(path);
    CHECK(taken(member(R"("v\u00e9\n\"x")"))[field.label].at(0) == "v\u00e9\n\"x");
    CHECK(taken(member('"' + longest + '"'))[field.label].at(0) == longest);
    CHECK(reason('"' + longest + "x\"") == path + ": must be at most 256 bytes, is 257");
    CHECK(reason("5") == path + ": must be a string, is 5");
    CHECK(reason("[\"a\"]") == path + ": must be a string, is an array");
    CHECK(reason(R"("a\u0000b")") == path + ": must not contain a NUL character");
    for (const char* absent : {"null", "\"\""}) {
      CHECK(taken(member(absent))[field.label].codes.empty());
    }
  }
}

TEST_CASE("the prompt is required") {
  const auto reason = [](const std::string& value) {
    return refusal_of(R"({"prompt":)" + value + "}");
  };
  CHECK(refusal_of("{}") == "prompt: is required");
  CHECK(reason("null") == "prompt: is required");
  CHECK(reason("\"\"") == "prompt: must not be empty");
  CHECK(reason("7") == "prompt: must be a string, is 7");
  CHECK(reason('"' + std::string(257, 'p') + '"') == "prompt: must be at most 256 bytes, is 257");
  CHECK(decode(R"({"prompt":")" + std::string(256, 'p') + "\"}").batch.rows() == 1);
}

TEST_CASE("an id is a text of 1 to 128 bytes or assigned") {
  const std::string longest(128, 'i');
  CHECK(taken("\"id\":\"" + longest + '"').ids.at(0) == longest);
  CHECK(refusal_of(event("\"id\":\"" + longest + "i\"")) ==
        "id: must be at most 128 bytes, is 129");
  CHECK(refusal_of(event(R"("id":"")")) == "id: must not be empty");
  CHECK(refusal_of(event(R"("id":7)")) == "id: must be a string, is 7");
  CHECK(refusal_of(event(R"("id":"\u0000")")) == "id: must not contain a NUL character");
  for (const char* absent : {"", R"("id":null)"}) {
    const model::ExecutionBatch batch = taken(absent);
    CHECK(batch.ids.at(0).size() == 36);
    CHECK(batch.ids.at(0).substr(0, 8) == "01a0c450");  // kNow in hexadecimal
  }
}

TEST_CASE("time is RFC 3339 or epoch milliseconds, within the limits") {
  const auto time = [](const std::string& value) { return taken("\"time\":" + value).time_ms[0]; };
  const auto reason = [](const std::string& value) {
    return refusal_of(event("\"time\":" + value));
  };
  CHECK(taken("").time_ms[0] == kNow);
  CHECK(time("null") == kNow);
  CHECK(time("1789999999999") == kNow - 1);
  CHECK(time("1789999999999.0") == kNow - 1);
  CHECK(time("1.79e12") == kNow);
  CHECK(time("\"2026-09-21T14:13:20Z\"") == kNow);
  CHECK(time("\"2026-09-21T16:13:19.123456789+02:00\"") == kNow - 877);
  CHECK(time(std::to_string(kNow + 600'000)) == kNow + 600'000);
  CHECK(time(std::to_string(kNow - 30 * kDayMs)) == kNow - 30 * kDayMs);

  CHECK(reason(std::to_string(kNow + 600'001)) ==
        "time: must not be more than 10m in the future, is 1790000600001");
  CHECK(reason("\"2026-09-21T15:00:00Z\"") ==
        "time: must not be more than 10m in the future, is \"2026-09-21T15:00:00Z\"");
  CHECK_THAT(reason(std::to_string(kNow - 30 * kDayMs - 1)),
             Catch::StartsWith("time: must not be before 2026-08-22T14:13:20.000Z"));
  for (const char* bad : {"\"yesterday\"", "\"\"", "\"1790000000000\"", "\"2026-09-21\"", "1.5",
                          "true", "[]", "{}", "1e999", "-1e999", "1e300"}) {
    INFO(bad);
    CHECK_THAT(reason(bad), Catch::StartsWith("time: must be an RFC 3339 time"));
  }
  wire::ExecutionDecoder decoder;
  wire::TimeLimits backfill;
  backfill.now_ms = kNow;
  CHECK(decoder.decode(event(R"("time":0)"), wire::Framing::json, backfill).batch.rows() == 1);
  CHECK(decoder.decode(event(R"("time":-1)"), wire::Framing::json, backfill).rejected == 1);
}

TEST_CASE("status and the booleans of error are known or not") {
  CHECK(taken("").outcome_at(0).success == Tri::unknown);
  CHECK(taken(R"("status":null)").outcome_at(0).success == Tri::unknown);
  CHECK(taken(R"("status":"success")").outcome_at(0).success == Tri::yes);
  CHECK(taken(R"("status":"error")").outcome_at(0).success == Tri::no);
  const model::Outcome outcome =
      taken(R"("error":{"detected":true,"recovered":false,"degraded":null})").outcome_at(0);
  CHECK(outcome.detected == Tri::yes);
  CHECK(outcome.recovered == Tri::no);
  CHECK(outcome.degraded == Tri::unknown);
  CHECK(taken(R"("error":{"degraded":true})").outcome_at(0).degraded == Tri::yes);

  CHECK(refusal_of(event(R"("status":"ok")")) ==
        "status: must be \"success\" or \"error\", is \"ok\"");
  CHECK(refusal_of(event(R"("status":true)")) ==
        "status: must be \"success\" or \"error\", is true");
  CHECK(refusal_of(event(R"("error":{"detected":"yes"})")) ==
        "error.detected: must be true or false, is \"yes\"");
  CHECK(refusal_of(event(R"("error":{"recovered":1})")) ==
        "error.recovered: must be true or false, is 1");
}

TEST_CASE("objects are objects, and what is checked only is not kept") {
  for (const char* name :
       {"error", "quality", "traits", "feedback", "resources", "tags", "parameters"}) {
    const std::string key = '"' + std::string(name) + "\":";
    CHECK(taken(key + "{}").attributes.ends.empty());
    taken(key + "null");
    CHECK(refusal_of(event(key + "[]")) == std::string(name) + ": must be an object, is an array");
    CHECK(refusal_of(event(key + "\"x\"")) == std::string(name) + ": must be an object, is \"x\"");
  }
  const model::ExecutionBatch batch =
      taken(R"("error":{"message":"secret\u0000text"},"feedback":{"comment":"secret too"})");
  CHECK(batch.attributes.ends.empty());
  CHECK(refusal_of(event(R"("error":{"message":5})")) == "error.message: must be a string, is 5");
  CHECK(refusal_of(event(R"("feedback":{"comment":{}})")) ==
        "feedback.comment: must be a string, is an object");
}

TEST_CASE("a field given twice is refused") {
  CHECK(refusal_of(event(R"("status":"error","status":"error")")) ==
        "status: must not appear twice");
  CHECK(refusal_of(event(R"("prompt":"q")")) == "prompt: must not appear twice");
  CHECK(refusal_of(event(R"("quality":{"clarity":1,"clarity":2})")) ==
        "quality.clarity: must not appear twice");
  CHECK(refusal_of(event(R"("quality":{"clarity":1},"quality":{"accuracy":2})")) ==
        "quality: must not appear twice");
  CHECK(refusal_of(event(R"("id":null,"id":"a")")) == "id: must not appear twice");
  taken(R"("unknown":1,"unknown":2)");
}
