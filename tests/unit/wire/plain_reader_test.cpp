#include "wire/json/plain_reader.h"

#include <random>
#include <string>

#include <vitals/base/clock.h>

#include "random_event.h"
#include "support/same_event.h"

using namespace vitals;
using namespace vitals::test;
using wire::json::PlainReader;
using wire::json::Row;

namespace {

bool read_plainly(const std::string& text) {
  PlainReader reader;
  Row row;
  return reader.read(text, limits(), row);
}

/// An event as most programs write it, now and then with something unusual.
std::string ordinary_line(EventMaker& maker) {
  const auto below = [&maker](std::uint64_t n) { return std::to_string(maker.below(n)); };
  const auto tenths = [&](std::uint64_t n) { return below(n) + '.' + below(100); };
  const bool spaced = maker.odds(3);
  const std::string comma = spaced ? ", \"" : ",\"", colon = spaced ? "\": " : "\":";
  std::string line = "{\"id\"" + colon.substr(1) + "\"event-" + below(1000) + '"';
  const auto add = [&](const std::string& key, const std::string& value) {
    if (!maker.odds(20)) line += comma + key + colon + value;
  };
  add("time", maker.odds(3) ? "\"2026-09-20T10:00:00." + below(1000) + "Z\""
                            : std::to_string(kNow - static_cast<TimeMs>(maker.below(31 * kDayMs))));
  add("prompt", "\"team/prompt-" + below(9) + '"');
  add("status", maker.odds(9) ? "\"error\"" : "\"success\"");
  add("duration_ms", maker.odds(9) ? "null" : tenths(9000));
  add("input_tokens", maker.odds(9) ? below(900) + ".0" : below(900));
  add("cost_usd", "0.000" + below(1'000'000));
  add("error", "{\"type\"" + colon.substr(1) + "\"timeout\",\"detected\":true,\"message\":\"m\"}");
  add("quality", "{\"clarity\":" + tenths(10) + ",\"accuracy\":" + tenths(11) + '}');
  add("feedback", "{\"rating\":" + below(7) + ",\"sentiment\":-0." + below(10) + '}');
  add("tags", "{\"region\":\"eu-" + below(3) + "\",\"none\":null,\"empty\":\"\"}");
  add("parameters", R"({"temperature":)" + tenths(2) + R"(,"n":-)" + below(3) +
                        R"(,"stream":true,"top":1.0,"name":"x"})");
  return line + '}';
}

/// Changes one byte, or takes some away, or says them twice.
void mutate(std::string& text, EventMaker& maker) {
  static const std::string kBytes("{}[]:,\"\\\n\r 019.-eEtfn\xff\x80\xc3\x00u\x7f", 28);
  const std::size_t at = maker.below(text.size());
  const std::size_t n = 1 + maker.below(20);
  switch (maker.below(3)) {
    case 0:
      text.erase(at, n);
      break;
    case 1:
      text[at] = kBytes[maker.below(kBytes.size())];
      break;
    default:
      text.insert(at, text.substr(at, n));
  }
}

}  // namespace

TEST_CASE("ordinary events are read plainly, others are left to the full parser") {
  CHECK(read_plainly(R"({"prompt":"p"})"));
  CHECK(read_plainly(
      R"({ "prompt" : "p", "time": 1789999999999, "status":"error", "duration_ms": 1042.1,
           "error": {"type":"timeout","detected":true,"recovered":null,"message":"m"},
           "quality":{"clarity":8.9}, "feedback":{"rating":5.0,"sentiment":-0.25},
           "tags":{"a":"b"}, "parameters":{"t":0.7,"n":3,"s":false}, "resources":{} })"));
  const std::string kOthers[] = {
      R"({"prompt":"a\n"})",
      R"({"prompt":"p","x":1})",
      R"({"prompt":"p","duration_ms":1e3})",
      R"({"prompt":"p","duration_ms":0.1234567890123456})",
      R"({"prompt":"p","duration_ms":01})",
      R"({"prompt":"p","duration_ms":1.})",
      R"({"prompt":"p","duration_ms":-1})",
      R"({"prompt":"p","input_tokens":1.5})",
      R"({"prompt":"p","time":1})",
      R"({"prompt":"p","prompt":"p"})",
      R"({"prompt":"p",})",
      R"({"prompt":"p"}})",
      R"({"prompt":"p"})"
      " ",
      R"({"prompt":nul})",
      R"({"prompt":""})",
      R"({"prompt":"p","id":""})",
      R"({"prompt":"p","tags":{"a":1}})",
      R"({"prompt":"p","tags":{"a":"1","a":"2"}})",
      R"({"prompt":"p","parameters":{"a":[]}})",
      "{\"prompt\":\"p\t\"}",
      R"({"prompt":"p)",
      "{}",
      "{",
      "",
  };
  PlainReader knows_forms;
  Row row;
  for (const char* form :
       {R"({"prompt":"p"})", R"({"prompt":"p","duration_ms":1})",
        R"({"prompt":"p","parameters":{"a":1}})", R"({"prompt":"p","time":null})",
        R"({"prompt":"p","id":"a"})", R"({"prompt":"p","tags":{}})"}) {
    REQUIRE(knows_forms.read(form, limits(), row));
  }
  for (const std::string& other : kOthers) {
    INFO(other);
    CHECK_FALSE(read_plainly(other));
    CHECK_FALSE(knows_forms.read(other, limits(), row));
  }
}

TEST_CASE("an event of a known form holds nothing of events before") {
  PlainReader reader;
  Row row;
  const auto version = [&](const std::string& text) {
    REQUIRE(reader.read(text, limits(), row));
    return std::string(row.labels[model::index(model::Label::version)]);
  };
  for (int round = 0; round < 3; ++round) {
    CHECK(version(R"({"prompt":"p","version":"v1","duration_ms":5})") == "v1");
    CHECK(row.numbers[model::index(model::Number::duration_ms)] == 5);
    CHECK(version(R"({"prompt":"p","version":null,"duration_ms":6})") == "");
    CHECK(row.numbers[model::index(model::Number::duration_ms)] == 6);
    CHECK(version(R"({"prompt":"p","version":"v2"})") == "v2");
    CHECK(row.numbers_given == 0);
    CHECK(version(R"({"prompt":"p"})") == "");
  }
}

TEST_CASE("readers agree on more forms of events than are remembered") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  EventMaker maker(seed);
  wire::ExecutionDecoder decoder(UuidGenerator(1));
  for (int round = 0; round < 20'000; ++round) {
    const auto spaces = [&maker] { return std::string(maker.below(9), ' '); };
    const std::string line = R"({"prompt":)" + spaces() + R"("p","version":)" + spaces() +
                             (maker.odds(2) ? "null" : R"("v")") + spaces() + R"(,"duration_ms":)" +
                             spaces() + std::to_string(maker.below(100)) + spaces() + '}';
    CAPTURE(line);
    REQUIRE(difference_between_readers(decoder, line, limits()) == "");
  }
}

TEST_CASE("both ways of reading an event agree, whatever has happened to it") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  EventMaker maker(seed);
  wire::ExecutionDecoder decoder(UuidGenerator(1));
  std::size_t plain = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string line = ordinary_line(maker);
    if (round % 3 != 0) mutate(line, maker);
    plain += read_plainly(line) ? 1 : 0;
    CAPTURE(line);
    const std::string difference = difference_between_readers(decoder, line, limits());
    REQUIRE(difference == "");
  }
  CHECK(plain > 4'000);  // else this compares little
}

TEST_CASE("readers agree on numbers of any length") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  EventMaker maker(seed);
  wire::ExecutionDecoder decoder(UuidGenerator(1));
  for (int round = 0; round < 20'000; ++round) {
    std::string number;
    for (std::uint64_t i = maker.below(18); i > 0; --i) {
      number += static_cast<char>('0' + maker.below(10));
    }
    if (maker.odds(2)) number.insert(maker.below(number.size() + 1), ".");
    if (maker.odds(4)) number.insert(0, "-");
    const std::string line = R"({"prompt":"p","sentiment":)" + number + R"(,"cost_usd":)" + number +
                             (maker.odds(2) ? R"(,"version":"v"})" : "}");
    CAPTURE(line);
    REQUIRE(difference_between_readers(decoder, line, limits()) == "");
  }
}
