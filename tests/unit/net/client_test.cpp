#include <atomic>

#include <catch2/catch.hpp>

#include <vitals/net/client.h>

#include "test_server.h"

using namespace vitals;
using test::TestServer;

namespace {

net::ClientRequest get(const std::string& url) {
  net::ClientRequest request;
  request.url = url;
  return request;
}

Errc error_of(net::Client& client, const net::ClientRequest& request) {
  const auto answer = client.call(request);
  REQUIRE_FALSE(answer);
  CHECK_FALSE(answer.error().message.empty());
  return answer.error().code;
}

}  // namespace

TEST_CASE("any status is an answer, and redirects are not followed") {
  TestServer server([](net::Request request, net::Respond respond) {
    const int status = std::stoi(request.segments.at(0));
    respond(
        {status, "text/plain", request.method, {{"Location", "/200"}, {"X-A", "1"}, {"X-A", "2"}}});
  });
  const auto client = net::make_client();
  for (const int status : {200, 302, 404, 500, 503}) {
    const auto answer = client->call(get(server.url("/" + std::to_string(status))));
    REQUIRE(answer);
    CHECK(answer->status == status);
    CHECK(answer->body == "GET");
    CHECK(answer->headers.count("x-a") == 2);
  }
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    net::ClientRequest request = get(server.url("/200"));
    request.method = method;
    const auto answer = client->call(request);
    REQUIRE(answer);
    CHECK(answer->body == method);
  }
  net::ClientRequest head = get(server.url("/200"));
  head.method = "HEAD";
  const auto answer = client->call(head);
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->body.empty());
}

TEST_CASE("headers and body go out as they are given") {
  net::Request seen;
  TestServer server([&](net::Request request, net::Respond respond) {
    seen = std::move(request);
    respond({});
  });
  const auto client = net::make_client();
  net::ClientRequest request = get(server.url());
  request.method = "POST";
  request.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}};
  request.body = std::string("a\0b", 3) + std::string(100'000, 'x');
  REQUIRE(client->call(request));
  CHECK(seen.body == request.body);
  CHECK(seen.header("content-type") == "application/json");
  CHECK(std::count_if(seen.headers.begin(), seen.headers.end(),
                      [](const auto& field) { return field.first == "x-empty"; }) == 1);
  CHECK(seen.header("expect").empty());
  request.headers.clear();
  REQUIRE(client->call(request));
  CHECK(seen.header("content-type").empty());
}

TEST_CASE("what gives no answer is an error by its kind") {
  TestServer server([](net::Request request, net::Respond respond) {
    static std::vector<net::Respond> never;
    if (request.path == "/never") return never.push_back(std::move(respond));
    respond({200, "image/x", std::string(10'000, 'x'), {}});
  });
  const auto client = net::make_client();
  CHECK(error_of(*client, get("ftp://127.0.0.1/")) == Errc::invalid_argument);
  CHECK(error_of(*client, get("file:///etc/hostname")) == Errc::invalid_argument);
  CHECK(error_of(*client, get("nonsense")) == Errc::invalid_argument);
  CHECK(error_of(*client, get("http://[::1")) == Errc::invalid_argument);
  CHECK(error_of(*client, get("http://127.0.0.1:1/")) == Errc::unavailable);
  CHECK(error_of(*client, get("http://no-such-host.invalid/")) == Errc::unavailable);
  net::ClientRequest smuggles = get(server.url());
  smuggles.headers = {{"X-A", "b\r\nEvil: c"}};
  CHECK(error_of(*client, smuggles) == Errc::invalid_argument);
  net::ClientRequest small = get(server.url());
  small.answer_bytes_max = 9'999;
  CHECK(error_of(*client, small) == Errc::resource_exhausted);
  small.answer_bytes_max = 10'000;
  CHECK(client->call(small));
  net::ClientRequest hasty = get(server.url("/never"));
  hasty.timeout_ms = 50;
  CHECK(error_of(*client, hasty) == Errc::deadline_exceeded);
}

TEST_CASE("one client serves many threads") {
  TestServer server;
  const auto client = net::make_client();
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        net::ClientRequest request = get(server.url());
        request.method = "POST";
        request.body = std::to_string(t) + "-" + std::to_string(i);
        const auto answer = client->call(request);
        good += answer.ok() && answer->body == request.body ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(good == 200);
}

TEST_CASE("a connection that is lost in the middle is told apart from none") {
  std::atomic<TestServer*> running{nullptr};
  net::Respond kept;
  TestServer server([&](net::Request, net::Respond respond) {
    kept = std::move(respond);
    running.load()->server().stop(0);
  });
  running = &server;
  const auto client = net::make_client();
  CHECK(error_of(*client, get(server.url())) == Errc::io);
  server.join();
}
