#include <cmath>
#include <set>

#include <vitals/model/signal.h>

#include "decoding.h"

using namespace vitals;
using namespace vitals::test;
using model::Label;
using model::Number;
using wire::Decoded;
using wire::Framing;

namespace {

std::string broken_reason(std::string_view body, std::uint64_t item = 0) {
  const Decoded decoded = decode(body);
  INFO(body.substr(0, 100));
  REQUIRE(decoded.broken);
  CHECK(decoded.batch.empty());
  CHECK(decoded.rejected == 1);
  CHECK(decoded.unknown_fields == 0);
  REQUIRE(decoded.refusals.size() == 1);
  CHECK(decoded.refusals[0].item == item);
  CHECK(decoded.refusals[0].field.empty());
  return decoded.refusals[0].reason;
}

void check_column_lengths(const model::ExecutionBatch& batch) {
  CHECK(batch.ids.size() == batch.rows());
  CHECK(batch.outcome.size() == batch.rows());
  for (const auto& label : batch.labels) {
    CHECK((label.codes.empty() || label.codes.size() == batch.rows()));
  }
  for (const auto& number : batch.numbers) {
    CHECK((number.empty() || number.size() == batch.rows()));
  }
  CHECK((batch.attributes.ends.empty() || batch.attributes.ends.size() == batch.rows()));
}

}  // namespace

TEST_CASE("one object, an array and lines give the same rows") {
  const std::string a = event(R"("id":"a","duration_ms":5)");
  const std::string b = event(R"("id":"b","model":"m")");
  const Decoded one = decode(" \n" + a + "\r\n ");
  CHECK(one.batch.rows() == 1);
  for (const Decoded& both :
       {decode("[" + a + " ,\n" + b + "]"), decode(a + "\n" + b, Framing::ndjson),
        decode("\xef\xbb\xbf[" + a + "," + b + "]"),
        decode("\xef\xbb\xbf" + a + "\r\n\r\n" + b + "\n", Framing::ndjson)}) {
    REQUIRE(both.batch.rows() == 2);
    CHECK(both.rejected == 0);
    CHECK_FALSE(both.broken);
    CHECK(both.batch.ids.at(0) == "a");
    CHECK(both.batch.number(Number::duration_ms, 0) == 5);
    CHECK(std::isnan(both.batch.number(Number::duration_ms, 1)));
    CHECK(both.batch[Label::model].at(0).empty());
    CHECK(both.batch[Label::model].at(1) == "m");
    check_column_lengths(both.batch);
  }
}

TEST_CASE("nothing sent is nothing taken") {
  for (const char* body : {"", "\n", "\r\n \n\t\n", "\xef\xbb\xbf"}) {
    const Decoded decoded = decode(body, Framing::ndjson);
    CHECK(decoded.batch.empty());
    CHECK(decoded.rejected == 0);
    CHECK_FALSE(decoded.broken);
  }
  const Decoded array = decode("[ ]");
  CHECK(array.batch.empty());
  CHECK(array.rejected == 0);
  CHECK_FALSE(array.broken);
  CHECK(broken_reason("") == "the body is empty");
  CHECK(broken_reason(" \n") == "the body is empty");
}

TEST_CASE("broken JSON refuses a whole object or array body and says where") {
  const std::string good = event(R"("unknown":1)");
  CHECK(broken_reason("{") == "is not JSON: brackets, commas, colons or values are out of place");
  CHECK_THAT(broken_reason(good + "x"), Catch::StartsWith("is not JSON: "));
  CHECK_THAT(broken_reason(good + std::string(1, '\0')), Catch::StartsWith("is not JSON: "));
  CHECK(broken_reason(event(R"("a":01)")) == "is not JSON: a malformed number");
  CHECK(broken_reason(event("\"a\":\"\xff\"")) == "is not JSON: invalid UTF-8");
  CHECK(broken_reason(event("\"a\":\"\xed\xa0\x80\"")) == "is not JSON: invalid UTF-8");
  CHECK(broken_reason(event("\"a\":\"\t\"")) == "is not JSON: a control character in a string");
  CHECK(broken_reason(event(R"("a":"\x")")) == "is not JSON: a malformed escape in a string");
  CHECK(broken_reason(event(R"("a":"\ud800")")) == "is not JSON: a malformed escape in a string");
  CHECK(broken_reason(event(R"("a":nul)")) == "is not JSON: a malformed true, false or null");
  CHECK_THAT(broken_reason(event(R"("a":NaN)")), Catch::StartsWith("is not JSON: "));
  CHECK(broken_reason("{\"a") == "is not JSON: a string is not closed");
  CHECK(broken_reason("[" + good + "," + good + ",{]", 2) == "the array is not closed");
  CHECK(broken_reason("[" + good + ",{\"a\":1e}," + good + "]", 1) ==
        "is not JSON: a malformed number");
  CHECK(broken_reason("[" + good + ",]", 1) == "a value is missing");
  CHECK(broken_reason(std::string(100'000, '[')) == "the array is not closed");
  CHECK(broken_reason(std::string(100'000, '[') + std::string(100'000, ']')) ==
        "is nested too deeply");
}

TEST_CASE("NDJSON sent as JSON, or without its line ends, is told what to do") {
  const std::string good = event("");
  const std::string several =
      "is not JSON: several objects; for NDJSON send Content-Type: "
      "application/x-ndjson";
  CHECK(broken_reason(good + "\n" + good + "\n") == several);
  CHECK(broken_reason(good + "\r\n\r\n{\"prompt\":") == several);
  CHECK(broken_reason(good + good) == several);
  std::string long_body;
  while (long_body.size() <= wire::kEventBytesMax) long_body += good + '\n';
  CHECK(broken_reason(long_body) == several);

  const Decoded decoded = decode(good + "\n" + good + good + "\n" + good, Framing::ndjson);
  CHECK(decoded.batch.rows() == 2);
  REQUIRE(decoded.refusals.size() == 1);
  CHECK(decoded.refusals[0].item == 2);
  CHECK_THAT(decoded.refusals[0].reason, Catch::Contains("curl keeps line ends"));
}

TEST_CASE("what is JSON but no event is refused by index") {
  for (const char* body : {"1", "\"x\"", "null", "true", "-0.5e1"}) {
    CHECK_THAT(refusal_of(body), Catch::StartsWith(": must be a JSON object, is "));
  }
  const Decoded decoded = decode("[" + event("") + ",1,[],null," + event("") + ",{}]");
  CHECK(decoded.batch.rows() == 2);
  CHECK(decoded.rejected == 4);
  REQUIRE(decoded.refusals.size() == 4);
  CHECK(decoded.refusals[0].item == 1);
  CHECK(decoded.refusals[0].reason == "must be a JSON object, is 1");
  CHECK(decoded.refusals[1].item == 2);
  CHECK(decoded.refusals[1].reason == "must be a JSON object, is an array");
  CHECK(decoded.refusals[2].item == 3);
  CHECK(decoded.refusals[3].item == 5);
  CHECK(decoded.refusals[3].field == "prompt");
}

TEST_CASE("a bad line refuses only itself") {
  const std::string good = event("");
  const std::string body = good + "\n{\"prompt\":\n\n" + good + "\r\n" +
                           event(R"("quality":{"clarity":11})") + "\n[]\n" + good + "}\n" + good +
                           "\n" + event(R"("cost_usd":1e999)") + "\n" + good;
  const Decoded decoded = decode(body, Framing::ndjson);
  CHECK(decoded.batch.rows() == 4);
  CHECK(decoded.rejected == 5);
  CHECK_FALSE(decoded.broken);
  std::vector<std::uint64_t> lines;
  for (const wire::Refusal& refusal : decoded.refusals) lines.push_back(refusal.item);
  CHECK(lines == std::vector<std::uint64_t>{2, 5, 6, 7, 9});
  CHECK(decoded.refusals[1].field == "quality.clarity");
  CHECK(decoded.refusals[2].reason == "must be a JSON object, is an array");
  CHECK(decoded.refusals[4].field == "cost_usd");
}

TEST_CASE("numbers beyond all types refuse only their event, unknown ones not even that") {
  const Decoded decoded =
      decode("[" + event(R"("trace":123456789012345678901234567890,"x":[1e999])") + "," +
             event(R"("duration_ms":1e999)") + "," +
             event(R"("duration_ms":12345678901234567890123)") + "," + event("") + "]");
  CHECK_FALSE(decoded.broken);
  CHECK(decoded.batch.rows() == 2);
  REQUIRE(decoded.refusals.size() == 2);
  CHECK(decoded.refusals[0].item == 1);
  CHECK(decoded.refusals[0].field == "duration_ms");
  CHECK(decoded.refusals[1].item == 2);
}

TEST_CASE("a refused event leaves nothing in any column") {
  const std::string rich =
      R"("id":"bad","model":"secret","user":"secret","error":{"type":"secret"},"duration_ms":1,)"
      R"("tags":{"a":"secret"},"parameters":{"b":"secret"},"rating":1,"status":"wrong")";
  const Decoded decoded =
      decode(event("") + "\n" + event(rich) + "\n" + event(""), Framing::ndjson);
  REQUIRE(decoded.batch.rows() == 2);
  CHECK(decoded.rejected == 1);
  for (const auto& number : decoded.batch.numbers) CHECK(number.empty());
  for (const model::LabelField& field : model::kLabelFields) {
    const bool kept = field.label == Label::prompt;
    CHECK(decoded.batch[field.label].codes.empty() == !kept);
    CHECK(decoded.batch[field.label].dictionary.size() == (kept ? 1U : 0U));
  }
  CHECK(decoded.batch.attributes.ends.empty());
  CHECK(decoded.batch.attributes.pairs.size() == 0);
  CHECK(decoded.batch.ids.bytes.find("bad") == std::string::npos);
}

TEST_CASE("columns that begin late or end early are filled up") {
  std::string body;
  for (int i = 0; i < 100; ++i) {
    body +=
        event(i == 40 || i == 41 || i == 60 ? R"("model":"m","cost_usd":2,"tags":{"a":"1","b":"2"})"
                                            : "") +
        "\n";
  }
  const Decoded decoded = decode(body, Framing::ndjson);
  REQUIRE(decoded.batch.rows() == 100);
  check_column_lengths(decoded.batch);
  for (std::size_t i = 0; i < 100; ++i) {
    const bool given = i == 40 || i == 41 || i == 60;
    CHECK(decoded.batch[Label::model].at(i) == (given ? "m" : ""));
    CHECK(std::isnan(decoded.batch.number(Number::cost_usd, i)) == !given);
    CHECK(decoded.batch.attributes.at(i).size() == (given ? 2U : 0U));
    CHECK(decoded.batch.attributes.value(i, "tags.b") == (given ? "2" : ""));
  }
}

TEST_CASE("the first hundred refusals are listed, all are counted") {
  std::string body;
  for (int i = 0; i < 250; ++i) body += "{}\n";
  const Decoded decoded = decode(body, Framing::ndjson);
  CHECK(decoded.rejected == 250);
  REQUIRE(decoded.refusals.size() == wire::kRefusalsMax);
  CHECK(decoded.refusals.back().item == 100);
}

TEST_CASE("unknown fields are ignored, counted and named once") {
  const std::string line =
      event(R"("color":{"deep":[1,{"prompt":2}]},"quality":{"beauty":7},"a\n\u0000b":1)");
  const Decoded decoded = decode(line + "\n" + line, Framing::ndjson);
  CHECK(decoded.batch.rows() == 2);
  CHECK(decoded.unknown_fields == 6);
  CHECK(decoded.unknown_names == std::vector<std::string>{"color", "quality.beauty", "a??b"});

  std::string members;
  for (int i = 0; i < 50; ++i) members += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":0";
  const Decoded many = decode(event(members));
  CHECK(many.unknown_fields == 50);
  CHECK(many.unknown_names.size() == wire::kUnknownNamesMax);
  const std::string euros = "\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac";
  const Decoded cut = decode(event('"' + euros + euros + "x\":1"));
  CHECK(cut.unknown_names == std::vector<std::string>{(euros + euros).substr(0, 63) + "..."});
}

TEST_CASE("assigned ids are all different, and two decoders do not agree") {
  std::string body;
  for (int i = 0; i < 1000; ++i) body += event("") + "\n";
  std::set<std::string> ids;
  wire::ExecutionDecoder first, second;
  for (wire::ExecutionDecoder* decoder : {&first, &second}) {
    const Decoded decoded = decoder->decode(body, Framing::ndjson, limits());
    for (std::size_t i = 0; i < decoded.batch.rows(); ++i) ids.emplace(decoded.batch.ids.at(i));
  }
  CHECK(ids.size() == 2000);
}

TEST_CASE("an event of up to 1 MiB is taken, a longer one refused, and the decoder goes on") {
  const auto sized = [](std::size_t bytes) {
    const std::string frame = event(R"("x":"")");
    return event("\"x\":\"" + std::string(bytes - frame.size(), 'x') + '"');
  };
  wire::ExecutionDecoder decoder;
  const std::string body = event("") + "\n" + sized(wire::kEventBytesMax) + "\n" +
                           sized(wire::kEventBytesMax + 1) + "\n" + event("");
  const Decoded decoded = decoder.decode(body, Framing::ndjson, limits());
  CHECK(decoded.batch.rows() == 3);
  REQUIRE(decoded.refusals.size() == 1);
  CHECK(decoded.refusals[0].item == 3);
  CHECK(decoded.refusals[0].reason == "is longer than 1 MiB");
  CHECK(broken_reason(sized(wire::kEventBytesMax + 1)) == "is longer than 1 MiB");
  CHECK(decoder.decode(event(""), Framing::json, limits()).batch.rows() == 1);
}

TEST_CASE("a body may end anywhere in memory") {
  // On the heap without a byte to spare, so that the address sanitizer sees any read beyond.
  const std::string text = event(R"("id":"a")");
  for (std::size_t before = 0; before < 3; ++before) {
    const std::string lines = std::string(before, '\n') + text + "\n" + text;
    const std::vector<char> exact(lines.begin(), lines.end());
    const Decoded decoded = decode({exact.data(), exact.size()}, Framing::ndjson);
    CHECK(decoded.batch.rows() == 2);
  }
}

TEST_CASE("a message without a type is asked for one, which is all that is kept of it") {
  std::vector<std::string> asked;
  const auto type_of = [&asked](std::string_view message) {
    asked.emplace_back(message);
    return message == "shrug" ? std::string() : "class-" + std::string(message);
  };
  wire::ExecutionDecoder decoder(UuidGenerator(1), {}, type_of);
  const std::string body = event(R"("error":{"message":"slow"})") + "\n" +
                           event(R"("error":{"message":"sl\u006fw","type":null})") + "\n" +
                           event(R"("error":{"message":"slow","type":"Mine"})") + "\n" +
                           event(R"("error":{"type":"","message":"a \"b\""})") + "\n" +
                           event(R"("error":{"message":"shrug"})") + "\n" +
                           event(R"("error":{"message":""})") + "\n" +
                           event(R"("error":{"message":"slow","recovered":true})");
  const wire::Decoded decoded = decoder.decode(body, wire::Framing::ndjson, limits());
  REQUIRE(decoded.batch.rows() == 7);
  const auto type = [&](std::size_t row) {
    return std::string(decoded.batch[model::Label::error_type].at(row));
  };
  CHECK(type(0) == "class-slow");
  CHECK(type(1) == "class-slow");
  CHECK(type(2) == "Mine");
  CHECK(type(3) == "class-a \"b\"");
  CHECK(type(4).empty());
  CHECK(type(5).empty());
  CHECK(type(6) == "class-slow");
  CHECK(decoded.batch.outcome_at(6).recovered == model::Tri::yes);
  // Equal messages of a body are asked for once; those of the next body again.
  CHECK(asked == std::vector<std::string>{"slow", "a \"b\"", "shrug"});
  CHECK(decoder.decode(event(R"("error":{"message":"slow"})"), wire::Framing::json, limits())
            .batch[model::Label::error_type]
            .at(0) == "class-slow");
  CHECK(asked.size() == 4);
}

TEST_CASE("many and long messages are asked for one by one, and long answers cut") {
  int asked = 0;
  const auto type_of = [&asked](std::string_view message) {
    ++asked;
    return std::string(message.size() > 1'024 ? 1'000 : 3, message.back());
  };
  wire::ExecutionDecoder decoder(UuidGenerator(1), {}, type_of);
  std::string body;
  const auto add = [&body](const std::string& message) {
    body += event(R"("error":{"message":")" + message + "\"}") + "\n";
  };
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 300; ++i) add(std::to_string(i));
    add(std::string(2'000, 'x'));
  }
  const wire::Decoded decoded = decoder.decode(body, wire::Framing::ndjson, limits());
  REQUIRE(decoded.batch.rows() == 602);
  const model::SymbolColumn& types = decoded.batch[model::Label::error_type];
  for (std::size_t i = 0; i < 300; ++i) {
    const std::string wanted(3, static_cast<char>('0' + i % 10));
    REQUIRE(types.at(i) == wanted);
    REQUIRE(types.at(301 + i) == wanted);
  }
  CHECK(types.at(300) == std::string(model::kLabelBytesMax, 'x'));
  CHECK(asked == 256 + 2 * 44 + 2);  // 256 are kept
}

TEST_CASE("a comment without a sentiment is asked for one, which is all that is kept of it") {
  wire::Comments comments;
  comments.sentiment_of = [](std::string_view comment) -> std::optional<double> {
    if (comment == "shrug") return std::nullopt;
    return comment == "a \"good\" one" ? 0.5 : -0.5;
  };
  wire::ExecutionDecoder decoder(UuidGenerator(1), comments);
  const std::string body = event(R"("feedback":{"comment":"a \"good\" one"})") + "\n" +
                           event(R"("feedback":{"comment":"bad"})") + "\n" +
                           event(R"("feedback":{"comment":"bad","sentiment":1})") + "\n" +
                           event(R"("feedback":{"sentiment":null,"comment":"bad"})") + "\n" +
                           event(R"("feedback":{"comment":"shrug"})") + "\n" +
                           event(R"("feedback":{"comment":"","rating":3})");
  const Decoded decoded = decoder.decode(body, Framing::ndjson, limits());
  REQUIRE(decoded.batch.rows() == 6);
  const auto sentiment = [&](std::size_t row) {
    return decoded.batch.number(model::Number::sentiment, row);
  };
  CHECK(sentiment(0) == 0.5);
  CHECK(sentiment(1) == -0.5);
  CHECK(sentiment(2) == 1);
  CHECK(sentiment(3) == -0.5);
  CHECK(std::isnan(sentiment(4)));
  CHECK(std::isnan(sentiment(5)));
  CHECK(decoded.batch.attributes.pairs.size() == 0);
}

TEST_CASE("what is kept of a comment is an attribute of its row, beside tags") {
  wire::Comments comments;
  comments.kept_of = [](std::string_view comment) {
    return comment == "nothing" ? std::string() : "kept: " + std::string(comment);
  };
  wire::ExecutionDecoder decoder(UuidGenerator(1), comments);
  const std::string body =
      event(R"("feedback":{"comment":"a \"good\" one"},"tags":{"a":"b"})") + "\n" +
      event(R"("tags":{"a":"b"},"feedback":{"rating":1,"comment":"bad"})") + "\n" +
      event(R"("feedback":{"comment":"nothing"})") + "\n" + event(R"("feedback":{"rating":1})");
  const Decoded decoded = decoder.decode(body, Framing::ndjson, limits());
  REQUIRE(decoded.batch.rows() == 4);
  const auto value = [&](std::size_t row, std::string_view key) {
    return std::string(decoded.batch.attributes.value(row, key));
  };
  CHECK(value(0, model::kCommentKey) == "kept: a \"good\" one");
  CHECK(value(0, "tags.a") == "b");
  CHECK(value(1, model::kCommentKey) == "kept: bad");
  CHECK(value(1, "tags.a") == "b");
  CHECK(value(2, model::kCommentKey).empty());
  CHECK(value(3, model::kCommentKey).empty());
}
