#include "net/chunked.h"

#include <catch2/catch.hpp>

using namespace vitals::net;

namespace {

struct Outcome {
  std::string body;
  bool finished = false;
  int status = 0;
  std::size_t taken = 0;
};

/// Feeds `text` in pieces of `piece` bytes, as a socket would.
Outcome decode(const std::string& text, std::size_t piece = 1 << 20) {
  ChunkedDecoder decoder;
  Outcome outcome;
  std::size_t there = 0;
  while (there < text.size() && !decoder.finished() && !decoder.refusal()) {
    there = std::min(text.size(), there + piece);
    while (true) {
      const auto step =
          decoder.take(std::string_view(text).substr(outcome.taken, there - outcome.taken));
      outcome.body += step.payload;
      outcome.taken += step.taken;
      if (step.taken == 0) break;
    }
  }
  outcome.finished = decoder.finished();
  if (decoder.refusal()) outcome.status = decoder.refusal()->status;
  return outcome;
}

}  // namespace

TEST_CASE("chunks are joined however they are cut") {
  const std::string text =
      "5\r\nhello\r\n00B;a;b=c;d=\"e \\\" f\"\r\n, world! ok\r\n0\r\nX-T: 1\r\n\r\nGET";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    CAPTURE(piece);
    const Outcome outcome = decode(text, piece);
    CHECK(outcome.status == 0);
    CHECK(outcome.finished);
    CHECK(outcome.body == "hello, world! ok");
    CHECK(outcome.taken == text.size() - 3);
  }
}

TEST_CASE("a chunked body without its end is not finished") {
  for (const char* text : {"", "5", "5\r", "5\r\nhel", "5\r\nhello", "5\r\nhello\r\n", "0\r\n",
                           "0\r\n\r", "0\r\nX: y\r\n"}) {
    CAPTURE(text);
    CHECK_FALSE(decode(text).finished);
    CHECK(decode(text).status == 0);
  }
}

TEST_CASE("malformed chunks are refused") {
  for (const char* text : {"\r\n",
                           "G\r\n",
                           "-1\r\n",
                           "+5\r\nhello",
                           "0x5\r\n",
                           " 5\r\n",
                           "5 \r\n",
                           "\t5\r\n",
                           "1_0\r\n",
                           "5.0\r\n",
                           "FFFFFFFFFFFFFFFF\r\n",
                           "5\nhello",
                           "5\rhello",
                           "5\r\nhello\n",
                           "5\r\nhelloXX",
                           "5\r\nhello!!\r\n",
                           "5;\r\nhello",
                           "5;=x\r\nhello",
                           "5;a=\r\nhello",
                           "5;a\"\r\n",
                           "5;a=\"x\r\n",
                           "5;bad[=x\r\n",
                           "5;a\nX\r\n",
                           "5;a\r\r\n",
                           "0\r\nX : y\r\n",
                           "0\r\n X: y\r\n",
                           "0\r\nX\r\n",
                           "0\r\nX: y\n",
                           "0\r\n\n"}) {
    CAPTURE(text);
    CHECK(decode(text).status == 400);
  }
  CHECK(decode(std::string("5;a=\0\r\n", 7)).status == 400);
}

TEST_CASE("extensions and trailers are limited") {
  CHECK(decode("5;" + std::string(400, 'a') + "\r\nhello\r\n0\r\n\r\n").finished);
  CHECK(decode("5;" + std::string(600, 'a')).status == 400);
  CHECK(decode(std::string(600, '0') + "5\r\n").status == 400);
  std::string many;
  for (int i = 0; i < 50; ++i) many += "1;" + std::string(400, 'a') + "\r\nx\r\n";
  CHECK(decode(many).status == 400);

  std::string trailer = "0\r\n";
  for (int i = 0; i < 9; ++i) trailer += "X: " + std::string(1000, 'a') + "\r\n";
  CHECK(decode(trailer).status == 431);
  CHECK(decode("0\r\nX: " + std::string(9000, 'a')).status == 400);
}
