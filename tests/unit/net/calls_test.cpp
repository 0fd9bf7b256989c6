#include <atomic>
#include <chrono>
#include <map>
#include <thread>

#include <catch2/catch.hpp>

#include <vitals/net/calls.h>

#include "test_server.h"

using namespace vitals;
using test::TestServer;

namespace {

net::ClientRequest post(const std::string& url, const std::string& body) {
  net::ClientRequest request;
  request.method = "POST";
  request.url = url;
  request.body = body;
  return request;
}

using Answers = std::map<std::uint64_t, Result<net::ClientAnswer>>;

/// Waits for as many answers as are asked for.
Answers collect(net::Calls& calls, std::size_t count) {
  Answers all;
  while (all.size() < count) {
    calls.wait(20'000);
    auto answered = calls.answered();
    REQUIRE_FALSE(answered.empty());  // else it waited for 20 s in vain
    for (auto& one : answered) all.emplace(one.number, std::move(one.answer));
  }
  return all;
}

}  // namespace

TEST_CASE("many calls are under way at once, and each is answered under its number") {
  TestServer server;
  const auto calls = net::make_calls();
  for (std::uint64_t i = 0; i < 50; ++i) calls->start(i, post(server.url(), std::to_string(i)));
  const Answers all = collect(*calls, 50);
  for (const auto& [number, answer] : all) {
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->body == std::to_string(number));
  }
  CHECK(calls->answered().empty());
}

TEST_CASE("a call that hangs delays no other, and ends by its own time") {
  std::vector<net::Respond> never;
  std::atomic<int> asked{0};
  TestServer server([&](net::Request request, net::Respond respond) {
    if (request.path == "/never") {
      never.push_back(std::move(respond));
      ++asked;
      return;
    }
    respond({});
  });
  const auto calls = net::make_calls();
  net::ClientRequest hangs = post(server.url("/never"), "x");
  hangs.timeout_ms = 600'000;
  calls->start(1, hangs);
  for (std::uint64_t i = 2; i < 20; ++i) calls->start(i, post(server.url(), ""));
  CHECK(collect(*calls, 18).count(1) == 0);
  while (asked == 0) calls->wait(10);  // it is under way, and is dropped with the rest

  net::ClientRequest hasty = hangs;
  hasty.timeout_ms = 50;
  calls->start(20, hasty);
  CHECK(collect(*calls, 1).at(20).error().code == Errc::deadline_exceeded);
}

TEST_CASE("what cannot be sent is answered too") {
  const auto calls = net::make_calls();
  calls->start(1, post("ftp://127.0.0.1/", ""));
  calls->start(2, post("http://127.0.0.1:1/", ""));
  const Answers all = collect(*calls, 2);
  CHECK(all.at(1).error().code == Errc::invalid_argument);
  CHECK(all.at(2).error().code == Errc::unavailable);
}

TEST_CASE("waiting ends when somebody wakes, even before") {
  const auto calls = net::make_calls();
  const auto begin = std::chrono::steady_clock::now();
  calls->wake();
  calls->wait(600'000);
  std::thread other([&] { calls->wake(); });
  calls->wait(600'000);
  other.join();
  calls->wait(1);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::minutes(5));
}
