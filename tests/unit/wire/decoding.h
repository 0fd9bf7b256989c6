#pragma once

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/wire/json.h>

namespace vitals::test {

inline constexpr TimeMs kNow = 1'790'000'000'000;  // 2026-09-21T14:13:20Z

/// Arrival at kNow, thirty days of raw retention.
inline wire::TimeLimits limits() {
  wire::TimeLimits limits;
  limits.now_ms = kNow;
  limits.oldest_ms = kNow - 30 * kDayMs;
  return limits;
}

inline wire::Decoded decode(std::string_view body, wire::Framing framing = wire::Framing::json) {
  wire::ExecutionDecoder decoder(UuidGenerator(1));
  return decoder.decode(body, framing, limits());
}

/// An event with a prompt and the given further members.
inline std::string event(const std::string& members) {
  return R"({"prompt":"p")" + (members.empty() ? "" : "," + members) + "}";
}

/// The batch of one good event with the given members.
inline model::ExecutionBatch taken(const std::string& members) {
  wire::Decoded decoded = decode(event(members));
  INFO(members);
  if (!decoded.refusals.empty()) {
    INFO(decoded.refusals[0].field << ": " << decoded.refusals[0].reason);
    REQUIRE(decoded.refusals.empty());
  }
  REQUIRE(decoded.rejected == 0);
  REQUIRE(decoded.batch.rows() == 1);
  return std::move(decoded.batch);
}

/// `field: reason` of one bad event.
inline std::string refusal_of(const std::string& body) {
  const wire::Decoded decoded = decode(body);
  INFO(body);
  REQUIRE(decoded.batch.rows() == 0);
  REQUIRE(decoded.rejected == 1);
  REQUIRE(decoded.refusals.size() == 1);
  CHECK(decoded.refusals[0].item == 0);
  return decoded.refusals[0].field + ": " + decoded.refusals[0].reason;
}

}  // namespace vitals::test
