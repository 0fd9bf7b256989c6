#include "net/framing.h"

#include <string>

#include <catch2/catch.hpp>

#include <vitals/net/loopback.h>

#include "net/authority.h"

using namespace vitals::net;

namespace {

/// The refusal's status, 0 when the header passes.
int status_of(const std::string& head) {
  Framing framing;
  const auto refusal = check_head(head, framing);
  return refusal ? refusal->status : 0;
}

int with_line(const std::string& line) {
  return status_of("POST /a HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n");
}

int with_request_line(const std::string& line) { return status_of(line + "\r\nHost: a\r\n\r\n"); }

Framing framing_of(const std::string& head) {
  Framing framing;
  REQUIRE_FALSE(check_head(head, framing));
  return framing;
}

}  // namespace

TEST_CASE("a request line is a method, a target and a version, one space between") {
  CHECK(with_request_line("GET / HTTP/1.1") == 0);
  CHECK(with_request_line("get /a?b=c|d HTTP/1.0") == 0);
  CHECK(with_request_line("M-SEARCH /%41 HTTP/1.1") == 0);
  for (const char* line :
       {"GET  / HTTP/1.1", "GET\t/\tHTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ", "GET /",
        "GET HTTP/1.1", "GET /a b HTTP/1.1", "G\x01T / HTTP/1.1", "G=\"x\" / HTTP/1.1",
        "GET /\x7f HTTP/1.1", "GET /caf\xc3\xa9 HTTP/1.1", "GET /#x HTTP/1.1", "", "GET"}) {
    CAPTURE(line);
    CHECK(with_request_line(line) == 400);
  }
  CHECK(with_request_line(std::string("GET /\0 HTTP/1.1", 15)) == 400);
}

TEST_CASE("only HTTP/1.0 and HTTP/1.1 are versions") {
  for (const char* version : {"HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTP/9.9"}) {
    CAPTURE(version);
    CHECK(with_request_line(std::string("GET / ") + version) == 505);
  }
  for (const char* version : {"http/1.1", "HTTP/1", "HTTP/01.1", "HTTP/1.1x", "HTTP/1.32",
                              "RTSP/1.0", "HTTP/ 1.1", "HTTP/1,1", "HTTP/4294967297.1"}) {
    CAPTURE(version);
    CHECK(with_request_line(std::string("GET / ") + version) == 400);
  }
}

TEST_CASE("header lines are tokens, a colon and clean values") {
  for (const char* line :
       {"X-A: b", "X-A:", "X-A:\t b c\t", "X-A: caf\xe9", "x!#$%&'*+-.^_`|~1: b"}) {
    CAPTURE(line);
    CHECK(with_line(line) == 0);
  }
  for (const char* line :
       {"X-A : b", "X A: b", ": b", "XA b", " X-A: b", "\tX-A: b", "X-A: b\r\n c", "X-A: b\x01",
        "X-A: b\x7f", "X-A: b\x0c", "X\xe9: b", "X[: b", "X@A: b", "X-A: b\rc", "X-A: b\nX-B: c"}) {
    CAPTURE(line);
    CHECK(with_line(line) == 400);
  }
  CHECK(with_line(std::string("X-A: b\0c", 8)) == 400);
}

TEST_CASE("HTTP/1.1 needs exactly one valid Host") {
  CHECK(status_of("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.0\r\n\r\n") == 0);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n") == 400);
  for (const char* host : {"a", "a.b:80", "127.0.0.1:8610", "[::1]:80", "[::1]", "a:", "x%20y",
                           "[v1.a:b]", "a_b-c~"}) {
    CAPTURE(host);
    CHECK(is_authority(host));
  }
  for (const char* host :
       {"", ":80", "u@a", "a/x", "a b", "\xff", "a:99999999", "a:65536", "a:8x", "a:80:80", "[::1",
        "::1]", "[]", "[::1]x", "a%2", "a%zz", "a,b c", "a?b"}) {
    CAPTURE(host);
    CHECK_FALSE(is_authority(host));
  }
  CHECK(same_authority("LocalHost", "localhost:80", "80"));
  CHECK_FALSE(same_authority("localhost", "localhost:81", "80"));
}

TEST_CASE("Transfer-Encoding is chunked, once, alone, in HTTP/1.1") {
  CHECK(framing_of("POST / HTTP/1.1\r\nHost: a\r\ntRANSFER-eNCODING: \tcHuNkEd \r\n\r\n").chunked);
  for (const char* value : {"gzip", "xchunked", "identity", "null"}) {
    CAPTURE(value);
    CHECK(with_line(std::string("Transfer-Encoding: ") + value) == 501);
  }
  for (const char* value : {"", "chunked, chunked", "chunked, gzip", "gzip, chunked", ", chunked",
                            "chunked;q=1", "\"chunked\"", "chunked\x0b",
                            "\xa0"
                            "chunked",
                            "chun ked"}) {
    CAPTURE(value);
    CHECK(with_line(std::string("Transfer-Encoding: ") + value) == 400);
  }
  const std::string chunked = "Transfer-Encoding: chunked";
  CHECK(with_line(chunked + "\r\n" + chunked) == 400);
  CHECK(with_line(chunked + "\r\nContent-Length: 5") == 400);
  CHECK(with_line("Content-Length: 5\r\n" + chunked) == 400);
  CHECK(with_line("Content-Length: 0\r\n" + chunked) == 400);
  CHECK(status_of("POST / HTTP/1.0\r\nHost: a\r\n" + chunked + "\r\n\r\n") == 400);
}

TEST_CASE("Content-Length is digits, once") {
  CHECK(*framing_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0042\r\n\r\n").content_length ==
        42);
  CHECK_FALSE(framing_of("POST / HTTP/1.1\r\nHost: a\r\n\r\n").content_length);
  for (const char* value :
       {"", "+5", "-1", "-0", "0x5", "5.0", "1e1", "5 5", "5;", "1_0", "5,5", "5, 6",
        "\xa0"
        "5",
        "abc", "0o5"}) {
    CAPTURE(value);
    CHECK(with_line(std::string("Content-Length: ") + value) == 400);
  }
  CHECK(with_line("Content-Length: 5\r\nContent-Length: 5") == 400);
  CHECK(with_line("Content-Length: 5\r\nContent-Length: 6") == 400);
  CHECK(with_line("Content-Length: 18446744073709551621") == 413);
  CHECK(with_line("Content-Length: " + std::string(400, '9')) == 413);
}

TEST_CASE("connections go on as HTTP version and Connection say") {
  const auto keeps = [](const std::string& version, const std::string& connection) {
    return framing_of("GET / HTTP/" + version + "\r\nHost: a\r\nConnection: " + connection +
                      "\r\n\r\n")
        .keep_alive;
  };
  CHECK(keeps("1.1", "x"));
  CHECK(keeps("1.1", "keep-alive"));
  CHECK_FALSE(keeps("1.1", "x, Close"));
  CHECK_FALSE(keeps("1.1", "close, keep-alive"));
  CHECK_FALSE(keeps("1.0", "x"));
  CHECK(keeps("1.0", "Keep-Alive"));
}

TEST_CASE("expectations, and bodies of HTTP/1.0") {
  CHECK(framing_of("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n").expects_continue);
  CHECK_FALSE(framing_of("PUT / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
                  .expects_continue);
  CHECK(with_line("Expect: 200-ok") == 417);
  CHECK(status_of("POST / HTTP/1.0\r\n\r\n") == 411);
}

TEST_CASE("a header has at most so many fields") {
  std::string fields;
  for (std::size_t i = 1; i < fields_max; ++i) fields += "X: y\r\n";
  CHECK(status_of("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n") == 0);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "X: y\r\n\r\n") == 431);
}

TEST_CASE("the end of a header is found however the bytes are cut") {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  HeadScan scan;
  for (std::size_t bytes = 1; bytes < head.size(); ++bytes) {
    REQUIRE_FALSE(find_head_end(head.substr(0, bytes), 1024, scan));
    REQUIRE(scan.head_bytes == 0);
  }
  REQUIRE_FALSE(find_head_end(head + "GET", 1024, scan));
  CHECK(scan.head_bytes == head.size());
}

TEST_CASE("what cannot become a header is refused early") {
  const auto scanned = [](const std::string& bytes) {
    HeadScan scan;
    const auto refusal = find_head_end(bytes, 16 << 10, scan);
    return refusal ? refusal->status : 0;
  };
  CHECK(scanned("\x16\x03\x01") == 400);
  CHECK(scanned("GET / HTTP/1.1\nHost: a\n\n") == 400);
  CHECK(scanned("GET / HTTP/1.1\r\nX: y\n") == 400);
  CHECK(scanned("GET /" + std::string(request_line_bytes_max, 'a')) == 414);
  CHECK(scanned("GET /" + std::string(request_line_bytes_max, 'a') + " HTTP/1.1\r\n") == 414);
  CHECK(scanned("GET / HTTP/1.1\r\nX: " + std::string(16 << 10, 'a')) == 431);
  CHECK(scanned("GET / HTTP/1.1\r\nX: " + std::string(16 << 10, 'a') + "\r\n\r\n") == 431);
  CHECK(scanned("GET / HTTP/1.1\r\nX: ") == 0);
}

TEST_CASE("loopback is told by name or number, with brackets and a port or without") {
  for (const char* host : {"localhost", "LocalHost:80", "127.0.0.1", "127.1.2.3:8610", "[::1]:1"}) {
    CAPTURE(host);
    CHECK(is_loopback_authority(host));
  }
  for (const char* host :
       {"127.example.com", "0.0.0.0", "localhost.example.com", "[::2]", "a:127"}) {
    CAPTURE(host);
    CHECK_FALSE(is_loopback_authority(host));
  }
  CHECK(is_loopback("::1"));
}
