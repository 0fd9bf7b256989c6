#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/query/assessments.h>
#include <vitals/query/comments.h>
#include <vitals/query/errors.h>
#include <vitals/query/journeys.h>

#include "unit/query/stand.h"

using namespace vitals;
using namespace vitals::test;

namespace {

/// Answers of the engine to one kind of question about [from, to).
template <class Request, class Answer>
void check_window(Answer (query::Engine::*answer)(const Request&) const) {
  Stand::Options options;
  options.raw_retention_ms = 30 * kDayMs;
  Stand stand(options);
  Event event;
  event.id = "a";
  event.time_ms = kNow - kDayMs;
  stand.append({event});
  Request request;
  request.from_ms = kNow - 30 * kDayMs;
  request.to_ms = kNow;
  stand.clock.advance(5);  // while the question was on its way
  const Answer found = (*stand.engine.*answer)(request);
  INFO((found ? "" : found.error().message));
  REQUIRE(found.ok());
  CHECK(found->from_ms == kNow - 30 * kDayMs + 5);
  CHECK(found->to_ms == kNow);

  stand.clock.advance(kMinuteMs);
  const Answer refused = (*stand.engine.*answer)(request);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == Errc::unprocessable);
  request.to_ms = request.from_ms;
  const Answer empty = (*stand.engine.*answer)(request);
  REQUIRE_FALSE(empty.ok());
  CHECK(empty.error().code == Errc::invalid_argument);
}

}  // namespace

TEST_CASE("a window as long as raw retention is answered, though the clock has moved on") {
  SECTION("assessments") { check_window(&query::Engine::assessments); }
  SECTION("comments") { check_window(&query::Engine::comments); }
  SECTION("errors") { check_window(&query::Engine::errors); }
  SECTION("journeys") { check_window(&query::Engine::journeys); }
}
