#include <algorithm>
#include <random>

#include "random_event.h"

using namespace vitals;
using namespace vitals::test;
using wire::Decoded;
using wire::Framing;

namespace {

void check_row(const model::ExecutionBatch& batch, std::size_t row, const RandomEvent& event) {
  CHECK(batch.time_ms[row] == event.time_ms.value_or(kNow));
  CHECK((event.id.empty() ? batch.ids.at(row).size() == 36 : batch.ids.at(row) == event.id));
  CHECK(batch.outcome[row] == event.outcome.packed());
  for (std::size_t i = 0; i < model::kLabelCount; ++i) {
    CHECK(batch.labels[i].at(row) == event.labels[i]);
  }
  for (const model::NumberField& field : model::kNumberFields) {
    const double sent = event.numbers[model::index(field.number)];
    const double stored = batch.number(field.number, row);
    CHECK((std::isnan(sent) ? std::isnan(stored) : stored == sent));
  }
  CHECK(batch.attributes.at(row).size() == event.tags.size());
  for (const auto& [key, value] : event.tags) {
    CHECK(batch.attributes.value(row, "tags." + key) == value);
  }
}

/// Cuts, flips, doubles or replaces a few bytes.
void mutate_bytes(std::string& text, EventMaker& maker) {
  static const std::string kBytes("{}[]:,\"\\\n\r 019.-eEtfn\xff\x80\xc3\x00u", 27);
  for (std::uint64_t left = 1 + maker.below(4); left > 0 && !text.empty(); --left) {
    const std::size_t at = maker.below(text.size());
    switch (maker.below(4)) {
      case 0:
        text.erase(at, 1 + maker.below(20));
        break;
      case 1:
        text[at] = kBytes[maker.below(kBytes.size())];
        break;
      case 2:
        text.insert(at, 1, kBytes[maker.below(kBytes.size())]);
        break;
      default:
        text.insert(at, text.substr(maker.below(text.size()), maker.below(40)));
    }
  }
}

std::uint64_t lines_of(const std::string& body) {
  std::uint64_t lines = 0;
  std::size_t begin = 0;
  while (begin <= body.size()) {
    const std::size_t end = std::min(body.find('\n', begin), body.size());
    const std::string line = body.substr(begin, end - begin);
    if (line.find_first_not_of(" \t\r") != std::string::npos) ++lines;
    begin = end + 1;
  }
  return lines;
}

}  // namespace

TEST_CASE("what is sent is what is stored, however it is spelled and framed") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  EventMaker maker(seed);
  std::vector<RandomEvent> events;
  std::string lines, array;
  for (int i = 0; i < 300; ++i) {
    events.push_back(maker.event());
    const std::string json = maker.json(events.back());
    lines += json + '\n';
    array += (i == 0 ? "[" : ",") + json;
  }
  for (const Decoded& decoded : {decode(lines, Framing::ndjson), decode(array + "]")}) {
    if (!decoded.refusals.empty()) {
      FAIL(decoded.refusals[0].item << decoded.refusals[0].field << decoded.refusals[0].reason);
    }
    REQUIRE(decoded.batch.rows() == events.size());
    for (std::size_t row = 0; row < events.size(); ++row)
      check_row(decoded.batch, row, events[row]);
  }
}

TEST_CASE("mutated lines are taken or refused, each by itself") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  EventMaker maker(seed);
  wire::ExecutionDecoder decoder;
  for (int round = 0; round < 400; ++round) {
    std::string body;
    for (int i = 0; i < 5; ++i) body += maker.json(maker.event()) + '\n';
    mutate_bytes(body, maker);
    const Decoded decoded = decoder.decode(body, Framing::ndjson, limits());
    REQUIRE(decoded.batch.rows() + decoded.rejected == lines_of(body));
    REQUIRE(decoded.refusals.size() == decoded.rejected);
    REQUIRE(decoded.batch.ids.size() == decoded.batch.rows());
    // Line by line gives the same rows, so no line depends on its neighbours.
    std::size_t good = 0, begin = 0;
    while (begin < body.size()) {
      const std::size_t end = std::min(body.find('\n', begin), body.size());
      const std::string line = body.substr(begin, end - begin);
      good += decoder.decode(line, Framing::ndjson, limits()).batch.rows();
      begin = end + 1;
    }
    REQUIRE(good == decoded.batch.rows());
  }
}

TEST_CASE("mutated arrays are refused whole or judged element by element") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  EventMaker maker(seed);
  wire::ExecutionDecoder decoder;
  for (int round = 0; round < 400; ++round) {
    std::string body = "[" + maker.json(maker.event()) + "," + maker.json(maker.event()) + "]";
    mutate_bytes(body, maker);
    const Decoded decoded = decoder.decode(body, Framing::json, limits());
    if (decoded.broken) {
      REQUIRE(decoded.batch.empty());
      REQUIRE(decoded.rejected == 1);
    } else {
      // Not broken means JSON: a line that holds the same text is JSON too.
      std::string line = body;
      std::replace(line.begin(), line.end(), '\n', ' ');
      const Decoded whole =
          decoder.decode("{\"prompt\":\"p\",\"x\":" + line + "}", Framing::ndjson, limits());
      REQUIRE(whole.batch.rows() == 1);
    }
  }
}
