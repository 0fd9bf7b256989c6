#include "net/request_reader.h"

#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

#include "net/content_encoder.h"

using namespace vitals::net;

namespace {

using State = RequestReader::State;

constexpr ReadLimits limits{16 << 10, 1 << 20};

std::string post_of(const std::string& body, const std::string& fields = "") {
  return "POST /events HTTP/1.1\r\nHost: a\r\n" + fields +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string chunked(const std::string& body) {
  return "POST /events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n" +
         body.substr(0, 1) + "\r\n" +
         [&] {
           char size[32];
           std::snprintf(size, sizeof size, "%zx", body.size() - 1);
           return std::string(size);
         }() +
         "\r\n" + body.substr(1) + "\r\n0\r\nX-Trailer: 1\r\n\r\n";
}

/// Feeds bytes as reads of at most `piece(left)` bytes; gives the bodies of all whole requests.
template <class Piece>
std::vector<std::string> bodies(RequestReader& reader, std::string_view bytes, Piece&& piece) {
  std::vector<std::string> found;
  while (true) {
    while (reader.state() == State::complete) {
      found.push_back(reader.take().body);
      reader.go_on();
    }
    if (bytes.empty() || reader.state() == State::refused) return found;
    const auto space = reader.space();
    REQUIRE_FALSE(space.empty());
    const std::size_t count = std::min({bytes.size(), space.size(), piece(bytes.size())});
    std::copy_n(bytes.begin(), count, space.begin());
    bytes.remove_prefix(count);
    reader.received(count);
  }
}

int refused_with(const std::string& bytes) {
  RequestReader reader(limits);
  bodies(reader, bytes, [](std::size_t left) { return left; });
  return reader.state() == State::refused ? reader.refusal().status : 0;
}

}  // namespace

TEST_CASE("pipelined requests come out whole and in order, however they are cut") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string large(200'000, 'L');
  std::string packed;
  REQUIRE(make_content_encoder(ContentCoding::gzip)->encode("unpacked", true, packed));
  const std::string bytes = post_of("one") + "\r\n" + chunked("chunked body") + post_of(large) +
                            post_of("") + "GET / HTTP/1.1\r\nHost: a\r\n\r\n" + chunked(large) +
                            post_of(packed, "Content-Encoding: gzip\r\n");
  const std::vector<std::string> expected{"one", "chunked body", large, "", "", large, "unpacked"};
  const auto check = [&](auto&& piece) {
    RequestReader reader(limits);
    REQUIRE(bodies(reader, bytes, piece) == expected);
    REQUIRE(reader.state() == State::head);
    REQUIRE_FALSE(reader.begun());
  };
  check([](std::size_t left) { return left; });
  check([](std::size_t) { return std::size_t{1}; });
  for (int i = 0; i < 30; ++i) {
    check([&](std::size_t) { return std::size_t{1} + random() % (random() % 2 ? 20 : 50'000); });
  }
}

TEST_CASE("a request carries what its header says") {
  RequestReader reader(limits);
  const std::string bytes =
      "POST /a%20b?x=1 HTTP/1.1\r\nHOST: h\r\nX-Two:  v w \r\nx-two: z\r\nContent-Length: "
      "2\r\n\r\nok";
  const auto space = reader.space();
  std::copy(bytes.begin(), bytes.end(), space.begin());
  reader.received(bytes.size());
  REQUIRE(reader.state() == State::complete);
  CHECK(reader.keep_alive());
  const Request request = reader.take();
  CHECK(request.method == "POST");
  CHECK(request.path == "/a b");
  CHECK(*request.parameter("x") == "1");
  CHECK(request.header("x-two") == "v w");
  CHECK(request.header("host") == "h");
  CHECK(request.header("none").empty());
  CHECK(request.body == "ok");
}

TEST_CASE("limits and codings are refused as soon as the header is there") {
  CHECK(refused_with("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n") == 413);
  CHECK(refused_with("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n") == 0);
  CHECK(refused_with(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Encoding: br\r\n\r\n") ==
        415);
  CHECK(refused_with(chunked(std::string((1 << 20) + 1, 'x'))) == 413);
  CHECK(refused_with(chunked(std::string(1 << 20, 'x'))) == 0);
  CHECK(refused_with("GET / HTTP/1.1\r\nHost: a\r\n\r\n\r\n\r\n\r\n") == 400);
}

TEST_CASE("nothing is read after a refusal") {
  RequestReader reader(limits);
  const auto found = bodies(reader, post_of("one") + "BAD\r\n\r\n" + post_of("two"),
                            [](std::size_t n) { return n; });
  CHECK(found == std::vector<std::string>{"one"});
  CHECK(reader.state() == State::refused);
  CHECK_FALSE(reader.keep_alive());
}

TEST_CASE("one empty line before a request is let pass, however it is cut, and no more") {
  const std::string request = post_of("one");
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{2}, std::size_t{3}, request.size() + 4}) {
    CAPTURE(piece);
    RequestReader one(limits);
    CHECK(bodies(one, "\r\n" + request, [&](std::size_t) { return piece; }).size() == 1);
    RequestReader two(limits);
    CHECK(bodies(two, "\r\n\r\n" + request, [&](std::size_t) { return piece; }).empty());
    CHECK(two.state() == State::refused);
  }
}

TEST_CASE("a long Content-Length alone gets no memory") {
  RequestReader reader({16 << 10, 1ULL << 30});
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n";
  const auto space = reader.space();
  std::copy(head.begin(), head.end(), space.begin());
  reader.received(head.size());
  REQUIRE(reader.state() == State::body);
  CHECK(reader.space().size() <= 16 << 10);
  std::size_t received = 0;
  for (int i = 0; i < 40; ++i) {
    const std::size_t room = reader.space().size();
    CHECK(room <= std::max<std::size_t>(received, 8 << 10));
    reader.received(room);
    received += room;
  }
}

TEST_CASE("a body never takes more memory than its length, however it arrives") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  constexpr std::size_t kLength = 700'001;
  for (int round = 0; round < 50; ++round) {
    RequestReader reader({16 << 10, 1 << 20});
    const std::string head =
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(kLength) + "\r\n\r\n";
    std::copy(head.begin(), head.end(), reader.space().begin());
    reader.received(head.size());
    while (reader.state() == RequestReader::State::body) {
      reader.received(1 + random() % reader.space().size());
      REQUIRE(reader.pending_body_bytes() <= kLength);
    }
    CHECK(reader.state() == RequestReader::State::complete);
  }
}

TEST_CASE("100 Continue is for a sender that still waits") {
  const std::string head =
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  const auto all = [](std::size_t left) { return left; };
  RequestReader waiting(limits);
  bodies(waiting, head, all);
  CHECK(waiting.take_continue());
  CHECK_FALSE(waiting.take_continue());
  RequestReader hasty(limits);
  bodies(hasty, head + "o", all);
  CHECK_FALSE(hasty.take_continue());
}

TEST_CASE("after a refusal there is space for what is thrown away, however large headers may be") {
  const std::size_t header_max = GENERATE(16U << 10U, 64U << 10U, 256U << 10U);
  CAPTURE(header_max);
  RequestReader reader({header_max, 1 << 20});
  const std::string endless = "GET / HTTP/1.1\r\nX: " + std::string(header_max, 'x');
  bodies(reader, endless, [](std::size_t left) { return left; });
  REQUIRE(reader.state() == State::refused);
  CHECK_FALSE(reader.space().empty());
}
