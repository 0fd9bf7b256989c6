#include <condition_variable>
#include <functional>
#include <mutex>

#include <catch2/catch.hpp>

#include <vitals/net/client.h>

#include "net/content_decoder.h"
#include "net/content_encoder.h"
#include "test_server.h"

using namespace vitals;
using test::count;
using test::RawSocket;
using test::TestServer;

namespace {

const std::string short_get = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

net::ClientAnswer call(const net::ClientRequest& request) {
  const auto client = net::make_client();
  auto answer = client->call(request);
  if (!answer) FAIL(answer.error().message);
  return std::move(answer).value();
}

/// Keeps a request in flight until the test answers it.
class Held {
 public:
  void operator()(net::Request, net::Respond respond) {
    const std::lock_guard lock(mutex_);
    pending_ = std::move(respond);
    arrived_.notify_one();
  }
  net::Respond wait() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return pending_ != nullptr; });
    return pending_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  net::Respond pending_;
};

std::string header(const net::ClientAnswer& answer, const std::string& name) {
  const auto found = answer.headers.find(name);
  return found == answer.headers.end() ? "" : found->second;
}

}  // namespace

TEST_CASE("a handler sees the request and its answer goes out") {
  net::Request seen;
  TestServer server([&](net::Request request, net::Respond respond) {
    seen = std::move(request);
    respond({201, "application/json", "{}", {{"Allow", "GET"}, {"X-Bad", "a\r\nEvil: b"}}});
  });
  net::ClientRequest request;
  request.method = "POST";
  request.url = server.url("/api/v1/x%2Fy?a=1&a=2");
  request.headers = {{"Authorization", "Bearer t"}, {"Content-Type", "application/json"}};
  request.body = "{\"a\":1}";
  const net::ClientAnswer answer = call(request);
  CHECK(answer.status == 201);
  CHECK(answer.body == "{}");
  CHECK(header(answer, "allow") == "GET");
  CHECK(header(answer, "x-bad") == "a  Evil: b");
  CHECK(header(answer, "content-type") == "application/json");
  CHECK(header(answer, "date").size() == 29);
  CHECK(seen.method == "POST");
  CHECK(seen.path == "/api/v1/x/y");
  CHECK(seen.segments.back() == "x/y");
  CHECK(seen.query.size() == 2);
  CHECK(seen.header("authorization") == "Bearer t");
  CHECK(seen.header("content-type") == "application/json");
  CHECK(seen.body == request.body);
  CHECK(seen.peer == "127.0.0.1");
  CHECK(seen.loopback);
}

TEST_CASE("answers may come later, from another thread, once") {
  std::vector<std::thread> threads;
  std::mutex mutex;
  TestServer server([&](net::Request request, net::Respond respond) {
    const std::lock_guard lock(mutex);
    threads.emplace_back([body = std::move(request.body), respond = std::move(respond)] {
      respond({200, "text/plain", body, {}});
      respond({200, "text/plain", "twice", {}});
    });
  });
  RawSocket socket(server.server());
  for (int i = 0; i < 20; ++i) {
    const std::string body = "late" + std::to_string(10 + i);
    REQUIRE(socket.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n" + body));
    CHECK(count(socket.read_until(body), "HTTP/1.1 200 OK") == 1);
  }
  socket.finish_sending();
  CHECK(socket.closed());
  for (std::thread& thread : threads) thread.join();
}

TEST_CASE("a handler that loses a request or throws costs a 500, not the connection") {
  TestServer server([](net::Request request, net::Respond respond) {
    if (request.path == "/throw") throw std::runtime_error("a defect");
    if (request.path == "/good") respond({200, "text/plain", "good", {}});
  });
  RawSocket socket(server.server());
  socket.send(
      "GET /lose HTTP/1.1\r\nHost: a\r\n\r\nGET /throw HTTP/1.1\r\nHost: a\r\n\r\n"
      "GET /good HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string answers = socket.read_to_end();
  CHECK(count(answers, "HTTP/1.1 500 ") == 2);
  CHECK(count(answers, "HTTP/1.1 200 ") == 1);
}

TEST_CASE("HEAD has the length but not the body, 204 has neither") {
  TestServer server([](net::Request request, net::Respond respond) {
    respond({request.path == "/none" ? 204 : 200, "text/plain", "12345", {}});
  });
  RawSocket socket(server.server());
  socket.send(
      "HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /none HTTP/1.1\r\nHost: a\r\nConnection: "
      "close\r\n\r\n");
  const std::string answers = socket.read_to_end();
  CHECK(count(answers, "12345") == 0);
  CHECK(count(answers, "Content-Length: 5\r\n") == 1);
  CHECK(count(answers, "Content-Length") == 1);
  CHECK(count(answers, "HTTP/1.1 204 No Content") == 1);
}

TEST_CASE("compressed and chunked bodies arrive plain") {
  TestServer server;
  const std::string text(300'000, 'x');
  for (const auto coding : {net::ContentCoding::gzip, net::ContentCoding::zstd}) {
    net::ClientRequest request;
    request.method = "POST";
    request.url = server.url();
    REQUIRE(net::make_content_encoder(coding)->encode(text, true, request.body));
    request.headers = {{"Content-Encoding", std::string(net::name_of(coding))}};
    CHECK(call(request).body == text);
    request.headers.emplace_back("Transfer-Encoding", "chunked");  // libcurl cuts the chunks
    CHECK(call(request).body == text);
  }
}

TEST_CASE("answers are compressed for those who ask") {
  const std::string text(700'000, 'y');
  TestServer server([&](net::Request request, net::Respond respond) {
    respond({200,
             request.path == "/image" ? "image/png" : "application/json",
             request.path == "/small" ? "{}" : text,
             {}});
  });
  for (const std::string coding : {"gzip", "zstd"}) {
    net::ClientRequest request;
    request.url = server.url();
    request.headers = {{"Accept-Encoding", coding}};
    const net::ClientAnswer answer = call(request);
    CHECK(header(answer, "content-encoding") == coding);
    CHECK(header(answer, "vary") == "Accept-Encoding");
    CHECK(answer.body.size() < text.size() / 100);
    std::unique_ptr<net::ContentDecoder> decoder;
    REQUIRE_FALSE(net::make_content_decoder(coding, decoder));
    std::string plain;
    REQUIRE_FALSE(decoder->decode(answer.body, text.size(), plain));
    CHECK_FALSE(decoder->finish());
    CHECK(plain == text);
    request.url = server.url("/small");
    CHECK(header(call(request), "content-encoding").empty());
    request.url = server.url("/image");
    CHECK(header(call(request), "vary").empty());
  }
  net::ClientRequest plain;
  plain.url = server.url();
  CHECK(call(plain).body == text);
  CHECK(header(call(plain), "vary") == "Accept-Encoding");
}

TEST_CASE("a stop lets the request in flight finish and closes idle connections") {
  Held held;
  TestServer server(std::ref(held));
  RawSocket idle(server.server());
  RawSocket busy(server.server());
  busy.send(short_get);
  const net::Respond pending = held.wait();
  server.server().stop(60'000);
  CHECK(idle.closed());
  pending({200, "text/plain", "finished", {}});
  const std::string answer = busy.read_to_end();
  CHECK(count(answer, "finished") == 1);
  CHECK(count(answer, "Connection: close") == 1);
  server.join();
  CHECK_THROWS(RawSocket(server.server()));
}

TEST_CASE("a stop without patience closes at once, and a late answer does no harm") {
  Held held;
  net::Respond pending;
  {
    TestServer server(std::ref(held));
    RawSocket busy(server.server());
    busy.send(short_get);
    pending = held.wait();
    server.server().stop(0);
    server.join();
    CHECK(busy.closed());
  }
  pending({200, "text/plain", "too late", {}});
}

TEST_CASE(
    "a port that is taken, a name that is none, and a certificate that is missing are errors") {
  TestServer server;
  test::FunctionHandler handler(&test::echo);
  telemetry::Registry telemetry;
  net::ServerOptions options;
  options.port = server.server().port();
  const auto taken = net::Server::listen(options, handler, quiet_logger(), telemetry);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == Errc::already_exists);
  options.host = "256.0.0.1";
  CHECK_FALSE(net::Server::listen(options, handler, quiet_logger(), telemetry));
  options.host = "127.0.0.1";
  options.tls_certificate = "/nowhere/to/be/found.pem";
  const auto no_certificate = net::Server::listen(options, handler, quiet_logger(), telemetry);
  REQUIRE_FALSE(no_certificate);
  CHECK(no_certificate.error().code == Errc::invalid_argument);
}

TEST_CASE("traffic is counted") {
  TestServer server;
  {
    RawSocket good(server.server());
    good.send(short_get);
    good.read_until("\r\n\r\n");
    CHECK(server.metric("vitals_http_connections{listener=\"127.0.0.1:0\"}") == 1);
    RawSocket bad(server.server());
    bad.send("GET / HTTP/1.1\r\n\r\n");
    bad.read_to_end();
  }
  CHECK(server.metric("vitals_http_requests_total{listener=\"127.0.0.1:0\",class=\"2xx\"}") == 1);
  CHECK(server.metric("vitals_http_requests_total{listener=\"127.0.0.1:0\",class=\"4xx\"}") == 1);
  CHECK(server.metric("vitals_http_refused_total{listener=\"127.0.0.1:0\",reason=\"malformed\"}") ==
        1);
  server.server().stop(0);
  server.join();
  CHECK(server.metric("vitals_http_connections{listener=\"127.0.0.1:0\"}") == 0);
}
