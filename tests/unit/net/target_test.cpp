#include "net/target.h"

#include <catch2/catch.hpp>

using namespace vitals::net;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;
using Segments = std::vector<std::string>;

struct ReadTarget {
  int status = 0;
  Request request;
};

ReadTarget read_from(std::string_view target, std::string_view method = "GET",
                     std::string_view host = "h:80") {
  Framing framing;
  framing.method = method;
  framing.target = target;
  framing.host = host;
  ReadTarget outcome;
  if (const auto refusal = read_target(framing, outcome.request)) outcome.status = refusal->status;
  return outcome;
}

}  // namespace

TEST_CASE("a path is split first and decoded then") {
  const Request request = read_from("/api/a%2Fb/caf%c3%A9//+x/").request;
  CHECK(request.path == "/api/a/b/caf\xc3\xa9//+x/");
  CHECK(request.segments == Segments{"api", "a/b", "caf\xc3\xa9", "", "+x", ""});
  CHECK(read_from("/").request.segments.empty());
  CHECK(read_from("/").request.path == "/");
  CHECK(read_from("/?a").request.path == "/");
  CHECK(read_from("//x").request.path == "//x");
  CHECK(read_from("/../x").request.segments == Segments{"..", "x"});
}

TEST_CASE("a query keeps order and repeats") {
  const Request request = read_from("/x?filter=a%26b&filter=c|d&&flag&step=&q=1+2%2B3=4").request;
  CHECK(request.query ==
        Pairs{{"filter", "a&b"}, {"filter", "c|d"}, {"flag", ""}, {"step", ""}, {"q", "1 2+3=4"}});
  REQUIRE(request.parameter("filter") != nullptr);
  CHECK(*request.parameter("filter") == "a&b");
  CHECK(request.parameter("none") == nullptr);
}

TEST_CASE("what is not text after decoding is refused") {
  for (const char* target :
       {"/%", "/%4", "/%zz", "/%00", "/%ff", "/%c0%ae", "/%ed%a0%80", "/%f5%80%80%80", "/%e2%82",
        "/?a=%", "/?a=%00", "/?%ff=1", "/?a=%c3"}) {
    CAPTURE(target);
    CHECK(read_from(target).status == 400);
  }
  CHECK(read_from("/%f0%9f%98%80").status == 0);
}

TEST_CASE("absolute-form names the same host as Host") {
  CHECK(read_from("http://h/a?b=c").request.path == "/a");
  CHECK(*read_from("http://H:80/a?b=c").request.parameter("b") == "c");
  CHECK(read_from("http://h").request.path == "/");
  CHECK(*read_from("http://h?b=c").request.parameter("b") == "c");
  CHECK(read_from("https://h:80/", "GET", "h:80").status == 0);
  CHECK(read_from("http://other/").status == 400);
  CHECK(read_from("https://h/").status == 400);
  CHECK(read_from("http://u@h/").status == 400);
  CHECK(read_from("http:///a").status == 400);
  CHECK(read_from("file:///etc/passwd").status == 400);
}

TEST_CASE("the other forms of a target") {
  CHECK(read_from("*", "OPTIONS").request.path == "/");
  CHECK(read_from("*").status == 400);
  CHECK(read_from("h:80").status == 400);
  CHECK(read_from("!").status == 400);
  CHECK(read_from("h:80", "CONNECT").status == 501);
}
