#include <random>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/text/error_class.h>

#include "text/errors/vocabulary.h"
#include "text/errors/words.h"

namespace vitals::text {
namespace {

std::string text_of(const std::string& message) { return error_template(message).text; }

TEST_CASE("what differs from one message of a fault to the next is masked") {
  const std::vector<std::pair<std::string, std::string>> all{
      {"KeyError: 'customer_id'", "key error: *"},
      {"no such table: orders_2026", "no such table: *"},
      {"Deadlock found when trying to get lock; try restarting transaction",
       "deadlock found when trying to get lock try restarting transaction"},
      {"psycopg2.errors.UndefinedColumn: column \"totl\" does not exist",
       "*: column * does not exist"},
      {"AttributeError: 'NoneType' object has no attribute 'strip'",
       "attribute error: * object has no attribute *"},
      {"openai.LengthMismatchError: expected 12 items, got 11",
       "length mismatch error: expected * items got *"},
      {"Document 4711 (https://files.acme.test/a?b=c) was rejected by ana@example.org at 12:30:07",
       "document * was rejected by * at *"},
      {"Could not open /var/lib/app/state.json on db-7.internal.example.com",
       "could not open * on *"},
      {"Run 9f1c2b7a-03de-4e21-9f7b-a1f0c4d2e8aa failed: step [a, [b]] returned {\"ok\": false}",
       "run * failed: step * returned *"},
      {"Output cut off {\"half\": \"a json", "output cut off *"},
      {"don't know what to do with <Widget at 0x7f>", "don't know what to do with *"},
      {"Traceback (most recent call last):\n  File \"a.py\", line 7, in f\n    g()\n"
       "app.errors.StateError: step failed\n",
       "state error: step failed"},
      {"first line failed\nsecond line", "first line failed"},
      {"the value of John Smith's account is wrong", "the value of * account is wrong"},
  };
  for (const auto& [message, wanted] : all) {
    INFO(message);
    CHECK(text_of(message) == wanted);
  }
}

TEST_CASE("messages of one fault have one class, others have others") {
  const ErrorTemplate one = error_template("Lock of row 17 is held by worker-a3, giving up");
  CHECK(error_template("lock of row 9182 is held by worker-b1, giving up").type == one.type);
  CHECK(error_template("Lock of table 17 is held by worker-a3, giving up").type != one.type);
  CHECK(error_template("Lock of row 17 is free").type != one.type);
  CHECK(error_template("Lock of row 17 is free").text == "lock of row * is *");
}

TEST_CASE("the class of a template stays the same from release to release") {
  CHECK(error_template("Deadlock found when trying to get lock").type ==
        "other:deadlock_found_trying_get_5ef1ae");
  CHECK(error_template("KeyError: 'customer_id'").type == "other:key_error_7f5bca");
  CHECK(error_template("it is not 7").type == "other:9219cb");
}

TEST_CASE("where no word is left there is no template") {
  for (const char* message : {"", " \n\t", "4711", "Zrg blff!", "{\"a\": 1}", "'quoted'", "***"}) {
    INFO(message);
    CHECK(text_of(message).empty());
    CHECK(error_template(message).type.empty());
  }
}

TEST_CASE("templates are short") {
  std::string message;
  for (int i = 0; i < 1000; ++i) message += "failed to open file ";
  const ErrorTemplate made = error_template(message);
  CHECK(made.text ==
        "failed to open file failed to open file failed to open file failed to open file");
  CHECK(made.type.size() <= 256);
}

TEST_CASE("names of people and places are no words of faults") {
  for (const char* name :
       {"john",   "smith",  "mary",  "mark",   "grace",  "rob",   "sue",    "bill",   "rose",
        "frank",  "paris",  "china", "chase",  "jack",   "daisy", "ruby",   "jasper", "carol",
        "drew",   "hope",   "joy",   "london", "acme",   "visa",  "cancer", "hiv",    "apple",
        "miller", "will.i", "baker", "king",   "jordan", "chad",  "georgia"}) {
    INFO(name);
    CHECK_FALSE(errors::is_known_word(name));
  }
}

TEST_CASE("whatever a message holds, its template holds known words and asterisks only") {
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::vector<std::string> parts{"failed",
                                       "Smith",
                                       "sk-proj-Ab3",
                                       "'",
                                       "\"",
                                       "{",
                                       "}",
                                       "[",
                                       "]",
                                       "<",
                                       ">",
                                       "`",
                                       " ",
                                       " ",
                                       " ",
                                       "\n",
                                       ":",
                                       ": ",
                                       "=",
                                       "https://a.b/c",
                                       "a@b.c",
                                       "192.168.0.1",
                                       "\xC3\xA9",
                                       "\xFF",
                                       "TimeoutOfSmith",
                                       "snake_case_Smith",
                                       "Error:",
                                       "x.yError:",
                                       "(",
                                       ")",
                                       ".",
                                       "don't",
                                       "*",
                                       "4111 1111 1111 1111"};
  for (int round = 0; round < 3000; ++round) {
    std::string message;
    for (auto left = random() % 30; left > 0; --left) message += parts[random() % parts.size()];
    const ErrorTemplate made = error_template(message);
    CAPTURE(message, made.text);
    for (std::size_t at = 0; at < made.text.size();) {
      const std::size_t end = std::min(made.text.size(), made.text.find(' ', at));
      std::string word = made.text.substr(at, end - at);
      at = end + 1;
      if (word.back() == ':') word.pop_back();
      REQUIRE((word == "*" || errors::is_known_word(word)));
    }
    REQUIRE(made.text.empty() == made.type.empty());
    REQUIRE(made.text == error_template(message).text);
  }
}

}  // namespace
}  // namespace vitals::text
