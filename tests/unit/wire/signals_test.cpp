#include <catch2/catch.hpp>

#include <vitals/wire/signals.h>

using namespace vitals;
using model::Number;
using wire::DecodedSignals;
using wire::Framing;

namespace {

constexpr TimeMs kArrival = 1'790'000'000'000;

std::optional<double> felt(std::string_view comment) {
  return comment == "good" ? std::optional(0.5) : std::nullopt;
}

std::string kept(std::string_view comment) { return "kept " + std::string(comment); }

DecodedSignals decode_all(std::string_view body, Framing framing = Framing::json) {
  wire::TimeLimits limits;
  limits.now_ms = kArrival;
  limits.oldest_ms = INT64_MIN;
  return wire::decode_feedback(body, framing, limits, {felt, kept});
}

model::Signal one(std::string_view body) {
  const DecodedSignals decoded = decode_all(body);
  INFO(body);
  REQUIRE(decoded.rejected == 0);
  REQUIRE(decoded.signals.size() == 1);
  return decoded.signals.front();
}

std::string refused(std::string_view body) {
  const DecodedSignals decoded = decode_all(body);
  INFO(body);
  REQUIRE(decoded.signals.empty());
  REQUIRE(decoded.refusals.size() == 1);
  return decoded.refusals[0].field + ": " + decoded.refusals[0].reason;
}

}  // namespace

TEST_CASE("feedback is read as object, array and lines") {
  const std::string a = R"({"execution_id":"x","id":"f1","rating":4,"time":1789999999000})";
  const std::string b = R"({"execution_id":"y","id":"f2","sentiment":-0.25})";
  for (const DecodedSignals& both :
       {decode_all("[" + a + "," + b + "]"), decode_all(a + "\n" + b, Framing::ndjson)}) {
    REQUIRE(both.signals.size() == 2);
    CHECK(both.signals[0] ==
          model::Signal{
              model::RowKind::feedback, "x", "f1", 1'789'999'999'000, {{Number::rating, 4}}});
    CHECK(
        both.signals[1] ==
        model::Signal{model::RowKind::feedback, "y", "f2", kArrival, {{Number::sentiment, -0.25}}});
  }
  CHECK(one(a).id == "f1");
}

TEST_CASE("a comment gives the sentiment that is not given") {
  const auto numbers = [](std::string_view body) { return one(body).numbers; };
  using Numbers = std::vector<std::pair<Number, double>>;
  CHECK(numbers(R"({"execution_id":"x","comment":"good"})") == Numbers{{Number::sentiment, 0.5}});
  CHECK(numbers(R"({"execution_id":"x","comment":"good","sentiment":-1})") ==
        Numbers{{Number::sentiment, -1}});
  CHECK(numbers(R"({"execution_id":"x","comment":"?"})").empty());
}

TEST_CASE("a comment is kept as it is told to be, or dropped") {
  const std::string body = R"({"execution_id":"x","comment":"good"})";
  CHECK(one(body).comment == "kept good");
  CHECK(one(R"({"execution_id":"x","rating":4})").comment.empty());
  wire::TimeLimits limits;
  limits.now_ms = kArrival;
  const DecodedSignals dropped = wire::decode_feedback(body, Framing::json, limits, {felt});
  REQUIRE(dropped.signals.size() == 1);
  CHECK(dropped.signals[0].comment.empty());
  CHECK(dropped.signals[0].id == one(body).id);
}

TEST_CASE("without an id equal content has one id, other content another") {
  const auto id = [](std::string_view body) { return one(body).id; };
  const std::string first = id(R"({"execution_id":"x","rating":4,"comment":"a"})");
  CHECK(first.size() == 32);
  CHECK(id(R"({"comment":"a","rating":4.0,"execution_id":"x"})") == first);
  for (const char* other : {R"({"execution_id":"y","rating":4,"comment":"a"})",
                            R"({"execution_id":"x","rating":5,"comment":"a"})",
                            R"({"execution_id":"x","rating":4,"comment":"b"})",
                            R"({"execution_id":"x","rating":4,"comment":"a","time":1789999999000})",
                            R"({"execution_id":"x","rating":4,"comment":"a","sentiment":0})"}) {
    CHECK(id(other) != first);
  }
}

TEST_CASE("bad feedback is refused with field and reason, its neighbours are not") {
  CHECK(refused("{}") == "execution_id: is required");
  CHECK(refused(R"({"execution_id":""})") == "execution_id: must not be empty");
  CHECK(refused(R"({"execution_id":"x"})") ==
        ": says nothing: a rating, a sentiment or a comment is required");
  CHECK(refused(R"({"execution_id":"x","rating":6})") ==
        "rating: must be a number from 1 to 5, is 6");
  CHECK(refused(R"({"execution_id":"x","sentiment":"good"})") ==
        "sentiment: must be a number from -1 to 1, is \"good\"");
  CHECK(refused(R"({"execution_id":"x","comment":7})") == "comment: must be a string, is 7");
  CHECK(refused(R"({"execution_id":7,"rating":1})") == "execution_id: must be a string, is 7");
  CHECK(refused(R"({"execution_id":"x","rating":1,"rating":1})") ==
        "rating: must not appear twice");
  CHECK(refused(R"({"execution_id":"x","rating":1,"time":"soon"})").starts_with("time: must be"));
  CHECK(refused("7") == ": must be a JSON object, is 7");
  CHECK(refused("") == ": the body is empty");

  const DecodedSignals mixed = decode_all(
      "{\"execution_id\":\"x\",\"rating\":1}\n\nnonsense\n{\"execution_id\":\"y\",\"rating\":2,"
      "\"colour\":1}",
      Framing::ndjson);
  CHECK(mixed.signals.size() == 2);
  CHECK(mixed.rejected == 1);
  CHECK(mixed.refusals[0].item == 3);
  CHECK(mixed.unknown_fields == 1);
  CHECK(mixed.unknown_names == std::vector<std::string>{"colour"});
  // An array that is broken is refused whole.
  const DecodedSignals broken = decode_all(R"([{"execution_id":"x","rating":1},)");
  CHECK(broken.signals.empty());
  CHECK(broken.rejected == 1);
}

TEST_CASE("interactions are read likewise") {
  wire::TimeLimits limits;
  limits.now_ms = kArrival;
  limits.oldest_ms = kArrival - 1000;
  const auto read = [&](std::string_view body) {
    return wire::decode_interactions(body, Framing::json, limits);
  };
  const DecodedSignals good =
      read(R"({"session":"s","user":"u","execution_id":"x","kind":"follow_up","id":"i",)"
           R"("time":1789999999500})");
  REQUIRE(good.signals.size() == 1);
  const model::Signal& signal = good.signals[0];
  CHECK(signal.kind == model::RowKind::interaction);
  CHECK(signal.execution_id == "x");
  CHECK(signal.action == "follow_up");
  CHECK(signal.user == "u");
  CHECK(signal.session == "s");
  CHECK(signal.time_ms == 1'789'999'999'500);
  CHECK(signal.numbers.empty());
  CHECK(read(R"({"session":"s","kind":"retry"})").signals[0].id !=
        read(R"({"session":"t","kind":"retry"})").signals[0].id);
  const auto why = [&](std::string_view body) {
    const DecodedSignals decoded = read(body);
    REQUIRE(decoded.refusals.size() == 1);
    return decoded.refusals[0].field + ": " + decoded.refusals[0].reason;
  };
  CHECK(why(R"({"kind":"retry"})") == "session: is required");
  CHECK(why(R"({"session":"s"})") == "kind: is required");
  CHECK(why(R"({"session":"s","kind":"Re-try"})").starts_with("kind: must be lower-case letters"));
  CHECK(why(R"({"session":"s","kind":"retry","time":5})").starts_with("time: must not be before"));
}

TEST_CASE("assessments are read likewise") {
  wire::TimeLimits limits;
  limits.now_ms = kArrival;
  const auto read = [&](std::string_view body) {
    return wire::decode_assessments(body, Framing::json, limits);
  };
  const DecodedSignals good =
      read(R"({"execution_id":"x","evaluator":"judge","clarity":8,"overall":0,"accuracy":null})");
  REQUIRE(good.signals.size() == 1);
  const model::Signal& signal = good.signals[0];
  CHECK(signal.kind == model::RowKind::assessment);
  CHECK(signal.execution_id == "x");
  CHECK(signal.id == "judge");
  CHECK(signal.numbers ==
        std::vector<std::pair<Number, double>>{{Number::clarity, 8}, {Number::overall, 0}});
  const auto why = [&](std::string_view body) {
    const DecodedSignals decoded = read(body);
    REQUIRE(decoded.refusals.size() == 1);
    return decoded.refusals[0].field + ": " + decoded.refusals[0].reason;
  };
  CHECK(why(R"({"evaluator":"judge","clarity":8})") == "execution_id: is required");
  CHECK(why(R"({"execution_id":"x","clarity":8})") == "evaluator: is required");
  CHECK(why(R"({"execution_id":"x","evaluator":"","clarity":8})") ==
        "evaluator: must not be empty");
  CHECK(why(R"({"execution_id":"x","evaluator":"judge"})").starts_with(": says nothing"));
  CHECK(why(R"({"execution_id":"x","evaluator":"judge","relevance":10.5})")
            .starts_with("relevance: must be"));
}
