#include "decoding.h"

using namespace vitals;
using namespace vitals::test;

namespace {

std::string value(const std::string& members, std::string_view key) {
  return std::string(taken(members).attributes.value(0, key));
}

std::string parameter(const std::string& json) {
  return value(R"("parameters":{"x":)" + json + "}", "parameters.x");
}

std::string many(const std::string& object, int entries) {
  std::string members;
  for (int i = 0; i < entries; ++i) {
    members += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":\"v\"";
  }
  return '"' + object + "\":{" + members + '}';
}

}  // namespace

TEST_CASE("tags are texts") {
  const model::ExecutionBatch batch =
      taken(R"("tags":{"region":"eu","team":"a b\n\u20ac","none":"","nil":null})");
  CHECK(batch.attributes.at(0).size() == 2);
  CHECK(batch.attributes.value(0, "tags.region") == "eu");
  CHECK(batch.attributes.value(0, "tags.team") == "a b\n\u20ac");
  CHECK(refusal_of(event(R"("tags":{"n":5})")) == "tags.n: must be a string, is 5");
  CHECK(refusal_of(event(R"("tags":{"n":"a\u0000"})")) ==
        "tags.n: must not contain a NUL character");
  CHECK(value("\"tags\":{\"k\":\"" + std::string(1024, 'v') + "\"}", "tags.k").size() == 1024);
  CHECK(refusal_of(event("\"tags\":{\"k\":\"" + std::string(1025, 'v') + "\"}")) ==
        "tags.k: must be at most 1024 bytes, is 1025");
}

TEST_CASE("parameters keep scalars as text and the rest as minified JSON") {
  CHECK(parameter("\"as is \\u20ac\"") == "as is \u20ac");
  CHECK(parameter("\"\"").empty());
  CHECK(parameter("null").empty());
  CHECK(parameter("true") == "true");
  CHECK(parameter("false") == "false");
  CHECK(parameter("0.70") == "0.7");
  CHECK(parameter("1") == "1");
  CHECK(parameter("1.0") == "1");
  CHECK(parameter("-0.0") == "0");
  CHECK(parameter("1e21") == "1e+21");
  CHECK(parameter("18446744073709551615") == "18446744073709551615");
  CHECK(parameter("-42") == "-42");
  CHECK(parameter(R"([ "a" , {"b" : [ 1 , null ] } ])") == R"(["a",{"b":[1,null]}])");
  CHECK(parameter("{ }") == "{}");
  CHECK(parameter(R"(["\u0000"])") == R"(["\u0000"])");
  CHECK(parameter("[\"" + std::string(1020, 'v') + "\"]").size() == 1024);
  const auto reason = [](const std::string& json) {
    return refusal_of(event(R"("parameters":{"x":)" + json + "}"));
  };
  CHECK(reason("[\"" + std::string(1021, 'v') + "\"]") ==
        "parameters.x: must be at most 1024 bytes of JSON, is 1025");
  CHECK(reason("\"" + std::string(1025, 'v') + "\"") ==
        "parameters.x: must be at most 1024 bytes, is 1025");
  CHECK(reason("1e999") == "parameters.x: must not hold a number beyond the range of a double");
  CHECK(reason("[[-1e999]]") ==
        "parameters.x: must not hold a number beyond the range of a double");
}

TEST_CASE("tags and parameters with the same key stay apart") {
  const model::ExecutionBatch batch = taken(R"("parameters":{"k":"1"},"tags":{"k":"2"})");
  CHECK(batch.attributes.value(0, "parameters.k") == "1");
  CHECK(batch.attributes.value(0, "tags.k") == "2");
}

TEST_CASE("keys of tags and parameters are plain names, at most 32 of them") {
  for (const std::string object : {"tags", "parameters"}) {
    const auto reason = [&](const std::string& key) {
      return refusal_of(event('"' + object + "\":{\"" + key + "\":\"v\"}"));
    };
    CHECK(reason("") == object + ".: must not have an empty key");
    CHECK(reason("a\\u0000b") == object + ".a?b: must not have a control character in its key");
    CHECK(reason("a\\nb") == object + ".a?b: must not have a control character in its key");
    CHECK(reason("\\u007f") == object + ".?: must not have a control character in its key");
    CHECK(reason(std::string(257, 'k')) ==
          object + '.' + std::string(64, 'k') +
              "...: must have a key of at most 256 bytes, has 257");
    CHECK(refusal_of(event('"' + object + R"(":{"a":"1","b":"2","a":"3"})")) ==
          object + ".a: must not appear twice");
    CHECK(taken(many(object, 32)).attributes.at(0).size() == 32);
    CHECK(refusal_of(event(many(object, 33))) == object + ": must have at most 32 entries, has 33");
  }
}
