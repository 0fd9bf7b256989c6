#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/text/sentiment.h>

#include "text/lexicon/lexicon.h"

namespace vitals::text {
namespace {

/// 0 where nothing is said.
double of(std::string_view comment) {
  INFO(comment);
  const double found = sentiment(comment).value_or(0);
  CHECK(found >= -1);
  CHECK(found <= 1);
  return found;
}

TEST_CASE("the table of rated words is sorted, and is found by name") {
  REQUIRE(kLexicon.size() > 8000);
  CHECK(std::is_sorted(kLexicon.begin(), kLexicon.end(),
                       [](const Entry& a, const Entry& b) { return a.name < b.name; }));
  for (const Entry& entry : kLexicon) CHECK(find_entry(entry.name)->valence == entry.valence);
  CHECK(find_entry("good")->list == List::vader);
  CHECK(find_entry("absorbed")->list == List::afinn);
  CHECK(find_entry("👍")->list == List::emoji);
  CHECK_FALSE(find_entry("goo"));
  CHECK_FALSE(find_entry(""));
}

TEST_CASE("a comment without words has no sentiment") {
  for (const char* comment : {"", "   \n", "...", "?!", "https://good.example/great", "@great"}) {
    INFO(comment);
    CHECK_FALSE(sentiment(comment));
  }
}

TEST_CASE("a comment that rates nothing, or is not understood, has no sentiment") {
  for (const char* comment :
       {"The report has three pages.", "The function returns a list of 3.5 integers",
        "日本語のコメント", "Ausgezeichnet, danke", "Die Antwort war sehr gut, danke",
        "Das war genau richtig", "Muy bueno, sin errores", "Très bien, pas mal du tout"}) {
    INFO(comment);
    CHECK_FALSE(sentiment(comment));
  }
}

TEST_CASE("a word of another language does not make a comment foreign") {
  CHECK(of("The à la carte menu is great") > 0.2);
  CHECK(of("It is great, merci!") > 0.2);
}

TEST_CASE("of a long comment the beginning is read") {
  std::string comment = "Great! ";
  while (comment.size() < 8'192) comment += "The report has three pages. ";
  const auto good = sentiment(comment);
  REQUIRE(good);
  for (int i = 0; i < 1'000; ++i) comment += "Terrible and useless. ";
  CHECK(*sentiment(comment) > 0);
}

TEST_CASE("comments on answers are told apart") {
  for (const char* comment : {"Exactly what I needed, thanks!", "Clear, concise and accurate.",
                              "Love it 😍", "The summary was spot on.", "Works like a charm",
                              "No problems at all.", "I cannot recommend it enough"}) {
    CHECK(of(comment) > 0.2);
  }
  for (const char* comment :
       {"It hallucinated a source.", "Doesn't work.", "Completely wrong answer", "not helpful :(",
        "Waste of time", "The tone is nice but the code does not work.", "This could be better",
        "Don't bother, it is outdated", "👎"}) {
    CHECK(of(comment) < -0.15);
  }
}

TEST_CASE("negation turns a word round, and weakens it") {
  CHECK(of("not helpful") < 0);
  CHECK(of("not bad") > 0);
  CHECK(of("not bad") < of("good"));
  CHECK(of("It is not very helpful") < 0);
  CHECK(of("It isn't helpful") < 0);
  CHECK(of("It isn’t helpful") == of("It isn't helpful"));
  CHECK(of("the least useful") < 0);
  CHECK(of("at least useful") > 0);
}

TEST_CASE("negation ends with its clause") {
  CHECK(of("I did not. Helpful!") > 0);
  CHECK(of("If not, helpful") > of("not helpful"));
  CHECK(of("not helpful :(") < of("not helpful"));
}

TEST_CASE("a negation of nothing rated is somewhat negative") {
  CHECK(of("It never answered") < 0);
  CHECK(of("It never answered") > of("It answered badly"));
}

TEST_CASE("degrees strengthen and weaken") {
  CHECK(of("very helpful") > of("quite another, helpful"));
  CHECK(of("It is very good") > of("It is pretty good"));
  CHECK(of("It is pretty good") > of("It is all good"));
  CHECK(of("It is somewhat good") < of("It is all good"));
  CHECK(of("It is very bad") < of("It is all bad"));
  CHECK(of("sooo good") == of("so good"));
  CHECK(of("I looove it") == of("I love it"));
}

TEST_CASE("capitals and exclamation marks stress") {
  CHECK(of("this is GREAT") > of("this is great"));
  CHECK(of("THIS IS GREAT") == of("this is great"));
  CHECK(of("this is great!") > of("this is great"));
  CHECK(of("this is bad!!") < of("this is bad!"));
  CHECK(of("this is bad!!!!") == of("this is bad!!!!!!!!"));
}

TEST_CASE("what follows but counts for more") {
  CHECK(of("It is good but slow") < of("It is slow but good"));
  CHECK(of("It is good. But slow.") < of("It is good. Also slow."));
  CHECK(of("Although it is slow, it is good") > of("It is slow, it is good"));
}

TEST_CASE("wishes, expectations and questions count for less") {
  CHECK(of("I wanted to like it") < of("I came to like it"));
  CHECK(of("It would be great") < of("It will be great"));
  CHECK(of("Is it great?") < of("It is great"));
  CHECK(of("Really?! It is great") == of("Really! It is great"));
}

TEST_CASE("one word among many counts for less") {
  CHECK(of("good") > of("it looked good"));
  CHECK(of("it looked good") > of("it looked good to the three of us who sat there"));
}

TEST_CASE("emoji and emoticons count, whatever their form") {
  CHECK(of("👍") > 0);
  CHECK(of("👍🏽") == of("👍"));
  CHECK(of("❤️") == of("❤"));
  CHECK(of("ok👍") == of("ok 👍"));
  CHECK(of("😡😡") < of("😡"));
  CHECK(of(":)") > 0);
  CHECK(of("done:)") == of("done :)"));
  CHECK(of("done :).") == of("done :)"));
  CHECK(of("(at 100%)") == 0);
}

TEST_CASE("links and accounts do not count") {
  CHECK(of("see https://great.example/love") == of("see"));
  CHECK(of("ask @great") == of("ask"));
  CHECK(of("great_") > 0);
}

TEST_CASE("any bytes are read, and the same ones alike") {
  std::mt19937 random(7);
  const std::vector<std::string> parts = {"good", "not", " ", "\xFF", "\xF0\x9F", "\xE2\x80",
                                          "😀",    ":)",  "!", "?",    "but",      "\0"};
  for (int round = 0; round < 2000; ++round) {
    std::string comment;
    for (auto left = random() % 12; left > 0; --left) comment += parts[random() % parts.size()];
    CHECK(sentiment(comment) == sentiment(comment));
  }
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; second += 3) {
      const std::string comment = {static_cast<char>(first), static_cast<char>(second)};
      CHECK(sentiment(comment) == sentiment(comment));
    }
  }
}

// Each takes seconds where the work is not in proportion to the text.
TEST_CASE("the sentiment of long comments of one kind is found") {
  for (const char* part : {"a",     "!",   ":",   ":)",   "but ",  "although ", "not ",
                           "very ", "if ", "😀",   "\xFF", "good ", "a'",        "wanted ",
                           "so ",   "?",   "www", "**",   ". ",    "GOOD bad, "}) {
    std::string comment;
    while (comment.size() < 1'000'000) comment += part;
    INFO(part);
    if (const auto found = sentiment(comment)) {
      CHECK(*found >= -1);
      CHECK(*found <= 1);
    }
  }
}

}  // namespace
}  // namespace vitals::text
