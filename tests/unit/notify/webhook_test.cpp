#include <cstdlib>
#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/base/time_text.h>

#include "notify/webhook/message.h"
#include "notify/webhook/signature.h"
#include "outbox_house.h"

namespace vitals::notify::webhook {
namespace {

using nlohmann::json;

/// What a receiver does, by the specification: compares our signature with those that came.
bool is_valid(const json& vectors, const json& headers, std::int64_t now_s) {
  for (const char* name : {"webhook-id", "webhook-timestamp", "webhook-signature"}) {
    if (!headers.contains(name)) return false;
  }
  const std::string timestamp = headers["webhook-timestamp"];
  if (timestamp.find_first_not_of("0123456789") != std::string::npos) return false;
  const std::int64_t timestamp_s = std::stoll(timestamp);
  const std::int64_t tolerance_s = vectors["tolerance_seconds"];
  if (std::abs(now_s - timestamp_s) > tolerance_s) return false;
  const auto keys = parse_secrets(vectors["secret"].get<std::string>());
  const std::string own = sign(*keys, headers["webhook-id"].get<std::string>(), timestamp_s,
                               vectors["body"].get<std::string>());
  const std::string all = " " + headers["webhook-signature"].get<std::string>() + " ";
  return all.find(" " + own + " ") != std::string::npos;
}

TEST_CASE("signatures are those of the Standard Webhooks test cases") {
  const char* folder = std::getenv("VITALS_SHARED");
  const std::string root = folder != nullptr ? folder : "../shared";
  std::ifstream file(root + "/tools/reliability/data/webhooks/standard-webhooks.json");
  if (!file) {
    WARN("skipped: set VITALS_SHARED to the folder that has standard-webhooks.json");
    return;
  }
  const json vectors = json::parse(file);
  CHECK(vectors["cases"].size() >= 12);
  for (const json& one : vectors["cases"]) {
    CAPTURE(one.dump());
    CHECK(is_valid(vectors, one["headers"], one["now"]) == one["valid"].get<bool>());
  }
}

TEST_CASE("a known signature, with and without prefix, and two while keys rotate") {
  const std::string key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const std::string body = "{\"test\": 2432232314}";
  const std::string expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  const auto signature = [&](const std::string& secrets) {
    return sign(*parse_secrets(secrets), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1'614'265'330, body);
  };
  CHECK(signature(key) == expected);
  CHECK(signature("whsec_" + key) == expected);
  const std::string other = "whsec_" + std::string(32, 'A');
  CHECK(signature("whsec_" + key + " " + other) == expected + " " + signature(other));
  CHECK(parse_secrets("")->empty());
}

TEST_CASE("secrets that are no secrets are refused without being repeated") {
  for (const std::string& bad :
       {std::string("whsec_"), std::string("whsec_short"),
        std::string("whsec_") + std::string(28, 'A'), std::string("whsec_") + std::string(31, 'A'),
        "whsec_" + std::string(30, 'A') + "!!", "whsec_" + std::string(88, 'A')}) {
    CAPTURE(bad);
    const auto keys = parse_secrets(bad);
    REQUIRE_FALSE(keys.ok());
    CHECK(keys.error().message == "must be whsec_ and base64 of 24 to 64 bytes");
  }
}

TEST_CASE("a body's summary says when it is over, and names the rule where there is no text") {
  model::Alert alert = test::firing("a", 1'790'000'000'000);
  const auto summary = [&alert](const std::string& event) {
    return json::parse(body_of(alert, event, 1'790'000'000'000))["data"]["summary"];
  };
  CHECK(summary("firing") == "Success rate collapsed");
  alert.status = model::AlertStatus::resolved;
  CHECK(summary("resolved") == "Resolved: Success rate collapsed");
  alert.annotations.clear();
  CHECK(summary("resolved") == "Resolved: success-rate-collapse");
}

TEST_CASE("a body stays below 20 kB and valid, however long the texts are") {
  model::Alert alert = test::firing("a", 1'790'000'000'000);
  for (int i = 0; i < 40; ++i) {
    std::string text;
    while (text.size() < 30'000) text += "ü€";
    alert.annotations["note" + std::to_string(i)] = text;
    alert.labels["label" + std::to_string(i)] = "bytes \xff that are no text";
  }
  const std::string body = body_of(alert, "firing", 1'790'000'000'000);
  CHECK(body.size() <= kBodyBytesMax);
  const json parsed = json::parse(body);
  CHECK(parsed["data"]["annotations"].size() == 41);
  CHECK(parsed["data"]["annotations"]["summary"] == "Success rate collapsed");
  const std::string note = parsed["data"]["annotations"]["note0"];
  CHECK(note.substr(note.size() - 3) == "…");
}

}  // namespace
}  // namespace vitals::notify::webhook
