#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/text/topics.h>

using vitals::text::Comment;
using vitals::text::find_topics;
using vitals::text::Topic;
using vitals::text::TopicOptions;

namespace {

std::vector<std::string> phrases(const std::vector<Topic>& topics) {
  std::vector<std::string> all;
  for (const Topic& topic : topics) all.push_back(topic.phrase);
  return all;
}

bool has(const std::vector<Topic>& topics, const std::string& phrase) {
  const auto all = phrases(topics);
  return std::find(all.begin(), all.end(), phrase) != all.end();
}

}  // namespace

TEST_CASE("A topic is what enough comments speak of, with their means") {
  const std::vector<Comment> comments{
      {"The response time was terrible today.", 1, -0.8},
      {"Response times are too slow for me. Everything else is fine!", 2, -0.4},
      {"I love the response time now!", 5, 0.9},
      {"Response time? Could be better.", 3},
      {"Good response time, but the code examples were wrong.", 4, 0.1},
      {"Code examples please"}};
  TopicOptions options;
  options.comments_min = 2;
  const auto topics = find_topics(comments, options);
  REQUIRE(topics.size() == 2);
  CHECK(topics[0].phrase == "response time");
  CHECK(topics[0].comments == 5);
  CHECK(*topics[0].rating == Approx(3));
  CHECK(*topics[0].sentiment == Approx(-0.05));
  CHECK(topics[1].phrase == "code examples");
  CHECK(topics[1].comments == 2);
  CHECK(*topics[1].rating == 4);
  REQUIRE(topics[0].highlights.size() == 3);
  CHECK(topics[0].highlights[0].text == "I love the response time now");
  CHECK(*topics[0].highlights[0].sentiment > 0);
  CHECK(topics[0].highlights[1].text == "The response time was terrible today");
  CHECK(*topics[0].highlights[1].sentiment < 0);
  // Fewer are not told.
  options.comments_min = 6;
  CHECK(find_topics(comments, options).empty());
  options.comments_min = 3;
  CHECK(phrases(find_topics(comments, options)) == std::vector<std::string>{"response time"});
}

TEST_CASE("A word that is mostly part of a longer phrase is no topic beside it") {
  std::vector<Comment> comments;
  for (int i = 0; i < 9; ++i) comments.push_back({"the dark mode of the app flickers"});
  for (int i = 0; i < 5; ++i) comments.push_back({"the app crashes"});
  for (int i = 0; i < 2; ++i) comments.push_back({"mode"});
  TopicOptions options;
  const auto topics = find_topics(comments, options);
  CHECK(has(topics, "dark mode"));
  CHECK(has(topics, "app crashes"));
  CHECK_FALSE(has(topics, "dark"));
  CHECK_FALSE(has(topics, "mode"));
}

TEST_CASE("Neither praise, nor marks, nor numbers, nor grammatical words are topics") {
  std::vector<Comment> comments;
  for (int i = 0; i < 6; ++i) {
    comments.push_back({"Great, thanks! Write to [email] or call [phone] 12. Ich bin der"});
  }
  for (const std::string& phrase : phrases(find_topics(comments, {}))) {
    CHECK((phrase == "write" || phrase == "call"));
  }
}

TEST_CASE("Topics of other scripts and of nothing are found without harm") {
  CHECK(find_topics({}, {}).empty());
  std::vector<Comment> comments;
  for (int i = 0; i < 6; ++i) {
    comments.push_back({"Die Antwortzeit ist zu lang, größere Dateien brechen ab"});
    comments.push_back({"回答が遅い 😀"});
    comments.push_back({"\xff\xfe broken \xc3"});
    comments.push_back({""});
  }
  const auto topics = find_topics(comments, {});
  CHECK(has(topics, "antwortzeit"));
  CHECK(has(topics, "\xff\xfe broken"));
}

TEST_CASE("The same comments give the same topics, at most so many, with short highlights") {
  std::vector<std::string> texts;
  for (int i = 0; i < 400; ++i) {
    texts.push_back("topic" + std::to_string(i % 40) + "x went wrong" + std::string(400, 'a'));
  }
  std::vector<Comment> comments;
  for (const std::string& text : texts) comments.push_back({text});
  TopicOptions options;
  options.topics_max = 7;
  const auto topics = find_topics(comments, options);
  REQUIRE(topics.size() == 7);
  CHECK(phrases(find_topics(comments, options)) == phrases(topics));
  for (const Topic& topic : topics) {
    REQUIRE_FALSE(topic.highlights.empty());
    CHECK(topic.highlights[0].text.size() <= 303);
  }
}
