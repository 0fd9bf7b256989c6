#include <catch2/catch.hpp>

#include "net/content_encoder.h"
#include "test_server.h"

using namespace vitals;
using test::count;
using test::echo;
using test::RawSocket;
using test::TestServer;

namespace {

const std::string get_x = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string head = "POST /x HTTP/1.1\r\nHost: a\r\n";

/// Everything the server answers to `bytes` until it closes.
std::string converse(TestServer& server, const std::string& bytes) {
  RawSocket socket(server.server());
  socket.send(bytes);
  return socket.read_to_end();
}

net::ServerOptions impatient() {
  net::ServerOptions options;
  options.header_timeout_ms = options.body_timeout_ms = 40;
  options.idle_timeout_ms = options.write_timeout_ms = 40;
  return options;
}

}  // namespace

TEST_CASE("pipelined requests are answered in order and none is lost") {
  TestServer server;
  std::string bytes;
  for (int i = 0; i < 500; ++i) {
    const std::string body = "<" + std::to_string(i) + ">";
    bytes += head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  bytes += "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get_x;
  const std::string answers = converse(server, bytes);
  CHECK(count(answers, "HTTP/1.1 200 OK") == 501);  // what follows a close is not read
  std::size_t at = 0;
  for (int i = 0; i < 500; ++i) {
    at = answers.find("<" + std::to_string(i) + ">", at);
    REQUIRE(at != std::string::npos);
  }
}

TEST_CASE("a request may arrive byte by byte") {
  TestServer server;
  RawSocket socket(server.server());
  const std::string bytes = head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  for (const char c : bytes) REQUIRE(socket.send({&c, 1}));
  CHECK(count(socket.read_until("abc"), "HTTP/1.1 200 OK") == 1);
}

TEST_CASE("a broken message gets one refusal, and the rest is not read") {
  TestServer server;
  for (const std::string& broken : std::vector<std::string>{
           head + "Transfer-Encoding: gzip\r\n\r\n" + get_x,
           head + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n" + get_x,
           head + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n" + get_x,
           "POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\nConnection: "
           "keep-alive\r\n\r\n0\r\n\r\n" +
               get_x,
           "GET /x HTTP/1.1\r\nHost: a\r\nX: y\r\n folded\r\n\r\n" + get_x,
           "GET /x HTTP/1.1\r\n\r\n" + get_x,
           "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + get_x,
           "GET /x HTTP/1.1\nHost: a\n\n" + get_x,
           head + "Transfer-Encoding: chunked\r\n\r\nZ\r\n" + get_x,
           head + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n" + get_x,
           head + "Content-Length: 99999999999\r\n\r\n" + get_x,
           head + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope" + get_x,
           head + "Content-Encoding: br\r\nContent-Length: 4\r\n\r\nnope" + get_x,
           head + "Expect: gold\r\nContent-Length: 4\r\n\r\nnope" + get_x,
           "GET http://elsewhere/x HTTP/1.1\r\nHost: a\r\n\r\n" + get_x,
           "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01" + std::string(100, '\0')}) {
    CAPTURE(broken);
    const std::string answers = converse(server, get_x + broken);
    CHECK(count(answers, "HTTP/1.1 200 OK") == 1);
    CHECK(count(answers, "\r\nConnection: ") == 2);
    CHECK(count(answers, "Connection: close\r\n") == 1);
  }
}

TEST_CASE("a body beyond the limit is refused, declared, chunked or unpacked") {
  net::ServerOptions options;
  options.body_bytes_max = 100'000;
  TestServer server(&echo, options);
  const std::string body(100'001, 'x');
  const std::string length = std::to_string(body.size());
  CHECK(count(converse(server, head + "Content-Length: " + length + "\r\n\r\n"), " 413 ") == 1);
  CHECK(count(converse(server,
                       head + "Expect: 100-continue\r\nContent-Length: " + length + "\r\n\r\n"),
              "HTTP/1.1 100") == 0);
  const std::string chunked =
      "Transfer-Encoding: chunked\r\n\r\n186A1\r\n" + body + "\r\n0\r\n\r\n";
  CHECK(count(converse(server, head + chunked), " 413 ") == 1);
  for (const auto coding : {net::ContentCoding::gzip, net::ContentCoding::zstd}) {
    std::string bomb;
    REQUIRE(net::make_content_encoder(coding)->encode(std::string(10'000'000, ' '), true, bomb));
    REQUIRE(bomb.size() < 100'000);
    const std::string fields = "Content-Encoding: " + std::string(net::name_of(coding)) +
                               "\r\nContent-Length: " + std::to_string(bomb.size()) + "\r\n\r\n";
    CHECK(count(converse(server, head + fields + bomb), " 413 ") == 1);
  }
}

TEST_CASE("a client still sending a refused body can read the refusal") {
  TestServer server;
  RawSocket socket(server.server());
  socket.send(head + "Content-Length: 99999999\r\n\r\n");
  socket.send(std::string(3'000'000, 'x'));
  socket.finish_sending();
  CHECK(count(socket.read_to_end(), "HTTP/1.1 413 ") == 1);
}

TEST_CASE("100 Continue comes before the body") {
  TestServer server;
  RawSocket socket(server.server());
  socket.send(head + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  CHECK(socket.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  socket.send("body");
  CHECK(count(socket.read_until("body"), "HTTP/1.1 200 OK") == 1);
}

TEST_CASE("a half-closed client still gets its answer, a cut request none") {
  TestServer server;
  for (const std::string& cut : {get_x.substr(0, 20), head + "Content-Length: 9\r\n\r\ncut"}) {
    RawSocket socket(server.server());
    socket.send(get_x + cut);
    socket.finish_sending();
    CHECK(count(socket.read_to_end(), "HTTP/1.1 ") == 1);
  }
}

TEST_CASE("slow headers and bodies get_x a 408, idle connections are closed") {
  TestServer server(&echo, impatient());
  CHECK(count(converse(server, "GET /x HTTP/1.1\r\nHost:"), "HTTP/1.1 408 ") == 1);
  CHECK(count(converse(server, head + "Content-Length: 100\r\n\r\nonly a part"), "HTTP/1.1 408 ") ==
        1);
  CHECK(count(converse(server, head + "Transfer-Encoding: chunked\r\n\r\n5\r\nab"),
              "HTTP/1.1 408 ") == 1);
  CHECK(converse(server, "").empty());
  const std::string once = converse(server, get_x);
  CHECK(count(once, "HTTP/1.1 ") == 1);
  CHECK(count(once, "HTTP/1.1 200 OK") == 1);
}

TEST_CASE("a body that trickles in below the least rate is refused though it makes progress") {
  TestServer server(&echo, impatient());
  RawSocket socket(server.server());
  socket.send(head + "Content-Length: 10000000\r\n\r\n");
  // A byte per millisecond: never 40 ms without one, but under the 4096 a second that must come.
  while (!socket.readable(1)) socket.send("x");
  CHECK(count(socket.read_to_end(), "HTTP/1.1 408 ") == 1);
}

TEST_CASE("a client that does not read its answer is dropped") {
  const std::string large(64 << 20, 'x');
  TestServer server(
      [&](net::Request, net::Respond respond) {
        respond({200, "image/x", large, {}});
      },
      impatient());
  RawSocket socket(server.server(), 4096);
  socket.send(get_x);
  REQUIRE(socket.readable(20'000));
  while (server.metric("vitals_http_connections{listener=\"127.0.0.1:0\"}") != 0) {
    std::this_thread::yield();
  }
  SUCCEED("the server has closed");
}

TEST_CASE("one connection too many gets a 503, and a place again when another leaves") {
  net::ServerOptions options;
  options.connections_max = 2;
  TestServer server(&echo, options);
  {
    RawSocket first(server.server());
    RawSocket second(server.server());
    for (RawSocket* socket : {&first, &second}) {
      socket->send(get_x);
      CHECK(count(socket->read_until("\r\n\r\n"), "HTTP/1.1 200 OK") == 1);
    }
    RawSocket third(server.server());
    const std::string answer = third.read_to_end();
    CHECK(count(answer, "HTTP/1.1 503 ") == 1);
    CHECK(count(answer, "Retry-After: 1") == 1);
  }
  while (server.metric("vitals_http_connections{listener=\"127.0.0.1:0\"}") != 0) {
    std::this_thread::yield();
  }
  CHECK(count(converse(server, "GET /x HTTP/1.0\r\n\r\n"), "HTTP/1.1 200 OK") == 1);
}

TEST_CASE("half received bodies may not take all the memory together") {
  net::ServerOptions options;
  options.pending_body_bytes_max = 1'000'000;
  TestServer server(&echo, options);
  const auto pending = [&] {
    return server.metric("vitals_http_pending_body_bytes{listener=\"127.0.0.1:0\"}");
  };
  const std::string part(700'000, 'x');
  RawSocket first(server.server());
  first.send(head + "Connection: close\r\nContent-Length: 700001\r\n\r\n" + part);
  while (pending() < 700'000) REQUIRE_FALSE(first.readable(0));

  const std::string late =
      converse(server, head + "Transfer-Encoding: chunked\r\n\r\nDBBA0\r\n" + part);
  CHECK(count(late, "HTTP/1.1 503 ") == 1);
  CHECK(count(late, "Retry-After: 1\r\n") == 1);
  first.send("x");
  CHECK(count(first.read_to_end(), "HTTP/1.1 200 ") == 1);
  CHECK(pending() == 0);
}
