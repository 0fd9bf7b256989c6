#include <cmath>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/query/comments.h>

#include "unit/query/stand.h"

using namespace vitals;
using namespace vitals::test;

namespace {

Event said(TimeMs time, const std::string& comment, const std::string& prompt = "p",
           bool feedback = false) {
  static int made = 0;
  Event one;
  one.id = std::to_string(++made);
  one.time_ms = time;
  one.prompt = prompt;
  one.comment = comment;
  one.region = "eu";
  one.feedback = feedback;
  return one;
}

query::CommentsRequest last_hour() {
  query::CommentsRequest request;
  request.from_ms = kNow - kHourMs;
  request.to_ms = kNow;
  return request;
}

query::CommentsAnswer comments(const Stand& stand, const query::CommentsRequest& request) {
  const auto answer = stand.engine->comments(request);
  INFO((answer ? "" : answer.error().message));
  REQUIRE(answer.ok());
  return *answer;
}

std::vector<std::string> texts(const query::CommentsAnswer& answer) {
  std::vector<std::string> all;
  for (const query::KeptComment& one : answer.comments) all.push_back(one.text);
  return all;
}

}  // namespace

TEST_CASE("comments of executions and late feedback come newest first, with their numbers") {
  Stand stand;
  Event rated = said(kNow - 5, "five");
  rated.rating = 4;
  rated.sentiment = -0.5;
  stand.append({said(kNow - 30, "thirty"), said(kNow - 4, ""), rated});
  stand.append({said(kNow - 20, "twenty", "q", true), said(kNow - kHourMs - 1, "too old"),
                said(kNow, "too new"), said(kNow - kHourMs, "first")});
  const query::CommentsAnswer all = comments(stand, last_hour());
  CHECK(texts(all) == std::vector<std::string>{"five", "twenty", "thirty", "first"});
  CHECK_FALSE(all.older_left_out);
  CHECK(all.from_ms == kNow - kHourMs);
  CHECK(all.comments[0].time_ms == kNow - 5);
  CHECK(all.comments[0].rating == 4);
  CHECK(all.comments[0].sentiment == -0.5);
  CHECK(std::isnan(all.comments[1].rating));
  query::CommentsRequest some = last_hour();
  some.filters = filters({"prompt:q"});
  CHECK(texts(comments(stand, some)) == std::vector<std::string>{"twenty"});
}

TEST_CASE("of many comments the newest are taken, by number and by bytes") {
  Stand stand;
  for (int block = 0; block < 5; ++block) {
    std::vector<Event> events;
    for (int i = 0; i < 10; ++i) {
      const int age = 1 + i * 5 + block;  // blocks overlap
      events.push_back(said(kNow - age, std::to_string(age) + std::string(98, '.')));
    }
    stand.append(events);
  }
  query::CommentsRequest request = last_hour();
  request.comments_max = 7;
  const query::CommentsAnswer seven = comments(stand, request);
  REQUIRE(seven.comments.size() == 7);
  CHECK(seven.older_left_out);
  for (int i = 0; i < 7; ++i)
    CHECK(seven.comments[static_cast<std::size_t>(i)].time_ms == kNow - 1 - i);
  request.comments_max = 50;
  CHECK_FALSE(comments(stand, request).older_left_out);
  request.bytes_max = 350;
  const query::CommentsAnswer short_one = comments(stand, request);
  CHECK(short_one.comments.size() == 3);
  CHECK(short_one.older_left_out);
  request.bytes_max = 1;
  CHECK(comments(stand, request).comments.size() == 1);
}

TEST_CASE("comments are not asked for beyond raw retention, or of no time") {
  Stand::Options options;
  options.raw_retention_ms = kDayMs;
  const Stand stand(options);
  query::CommentsRequest request = last_hour();
  request.from_ms = kNow - 2 * kDayMs;
  request.to_ms = kNow - 2 * kDayMs + kHourMs;
  const auto old = stand.engine->comments(request);
  REQUIRE_FALSE(old.ok());
  CHECK(old.error().code == Errc::unprocessable);
  request.to_ms = request.from_ms;
  CHECK(stand.engine->comments(request).error().code == Errc::invalid_argument);
}
