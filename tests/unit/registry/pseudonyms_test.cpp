#include <set>

#include <catch2/catch.hpp>

#include <vitals/registry/pseudonyms.h>

using namespace vitals;
using model::Label;
using registry::Pseudonyms;

namespace {

/// 00 01 02 … 1f
Pseudonyms::Key counting_key() {
  Pseudonyms::Key key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(i);
  return key;
}

model::Filter filter(const std::string& text) { return *model::parse_filter(text); }

std::string applied(const Pseudonyms& pseudonyms, const std::string& text) {
  const auto result = pseudonyms.apply(filter(text));
  REQUIRE(result.ok());
  return result->to_string();
}

}  // namespace

TEST_CASE("pseudonyms are HMAC-SHA-256 with a domain, as openssl computes it") {
  // printf 'user\0alice' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f | cut -c1-16
  const Pseudonyms pseudonyms(counting_key());
  CHECK(pseudonyms.user("alice") == "34d45cbc91de5ce7");
  CHECK(pseudonyms.session("alice") == "b0942d7ee7533a29");
  CHECK(pseudonyms.user("") == "27c4674af6707cea");
}

TEST_CASE("another key gives other pseudonyms") {
  Pseudonyms::Key other = counting_key();
  other[31] = static_cast<unsigned char>(other[31] ^ 1U);
  CHECK(Pseudonyms(counting_key()).user("alice") != Pseudonyms(other).user("alice"));
}

TEST_CASE("names that come again, in any batch, keep their pseudonyms") {
  const Pseudonyms pseudonyms(counting_key());
  for (int round = 0; round < 3; ++round) {
    model::ExecutionBatch batch;
    for (const Label label : {Label::user, Label::session}) {
      for (int i = 0; i < 100'000; i += 1 + round) {
        batch[label].dictionary.intern("name-" + std::to_string(i));
      }
    }
    pseudonyms.apply(batch);
    std::uint32_t code = 0;
    for (int i = 0; i < 100'000; i += 1 + round) {
      ++code;
      if (i % 100 != 0) continue;
      const std::string name = "name-" + std::to_string(i);
      REQUIRE(batch[Label::user].dictionary.at(code) == pseudonyms.user(name));
      REQUIRE(batch[Label::session].dictionary.at(code) == pseudonyms.session(name));
    }
  }
}

TEST_CASE("a batch keeps its rows and loses its names") {
  model::ExecutionBatch batch;
  for (int i = 0; i < 6; ++i) {
    batch.time_ms.push_back(i);
    batch.ids.push_back("e" + std::to_string(i));
    batch.outcome.push_back(0);
  }
  auto& users = batch[Label::user];
  for (const char* name : {"alice", "bob", "", "alice", "carol", "bob"}) {
    users.codes.push_back(users.dictionary.intern(name));
  }
  auto& prompts = batch[Label::prompt];
  for (int i = 0; i < 6; ++i) prompts.codes.push_back(prompts.dictionary.intern("alice"));

  const Pseudonyms pseudonyms(counting_key());
  pseudonyms.apply(batch);
  CHECK(users.at(0) == pseudonyms.user("alice"));
  CHECK(users.at(1) == pseudonyms.user("bob"));
  CHECK(users.at(2).empty());
  CHECK(users.at(3) == users.at(0));
  CHECK(users.at(4) == pseudonyms.user("carol"));
  CHECK(users.at(5) == users.at(1));
  CHECK(users.dictionary.size() == 3);
  CHECK(users.dictionary.at(1) == pseudonyms.user("alice"));
  CHECK(users.dictionary.at(2) == pseudonyms.user("bob"));
  CHECK(users.dictionary.at(3) == pseudonyms.user("carol"));
  CHECK(prompts.at(0) == "alice");
  CHECK(batch[Label::session].codes.empty());
  CHECK(batch[Label::session].dictionary.size() == 0);
}

TEST_CASE("names of a dictionary that no row uses go as well") {
  model::ExecutionBatch batch;
  batch[Label::session].dictionary.intern("left-over");
  const Pseudonyms pseudonyms(counting_key());
  pseudonyms.apply(batch);
  CHECK(batch[Label::session].dictionary.size() == 1);
  CHECK(batch[Label::session].dictionary.at(1) == pseudonyms.session("left-over"));
}

TEST_CASE("filters on people are hashed value by value, others stay") {
  const Pseudonyms pseudonyms(counting_key());
  CHECK(applied(pseudonyms, "user:alice") == "user:" + pseudonyms.user("alice"));
  CHECK(applied(pseudonyms, "user:!alice") == "user:!" + pseudonyms.user("alice"));
  CHECK(applied(pseudonyms, "session:a|b") ==
        "session:" + pseudonyms.session("a") + "|" + pseudonyms.session("b"));
  CHECK(applied(pseudonyms, "user:") == "user:");
  CHECK(applied(pseudonyms, "user:!") == "user:!");
  CHECK(applied(pseudonyms, "user:*") == "user:*");
  CHECK(applied(pseudonyms, "user:|alice") == "user:|" + pseudonyms.user("alice"));
  CHECK(applied(pseudonyms, "prompt:a*|b") == "prompt:a*|b");
  CHECK(applied(pseudonyms, "tags.user:alice") == "tags.user:alice");
  const std::string name = pseudonyms.user("alice");
  CHECK(applied(pseudonyms, "user:" + name) == "user:" + pseudonyms.user(name));

  for (const char* text : {"user:a*", "session:*a", "user:!a|b*"}) {
    const auto refused = pseudonyms.apply(filter(text));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == Errc::invalid_argument);
    CHECK_THAT(refused.error().message, Catch::Contains(text));
  }
}

TEST_CASE("many names get many pseudonyms") {
  const Pseudonyms pseudonyms(counting_key());
  std::set<std::string> all;
  for (int i = 0; i < 5000; ++i) {
    all.insert(pseudonyms.user(std::to_string(i)));
    all.insert(pseudonyms.session(std::to_string(i)));
  }
  CHECK(all.size() == 10'000);
}

TEST_CASE("names are told by the current key and found under every key that is kept") {
  Pseudonyms pseudonyms(counting_key());
  model::ExecutionBatch batch;
  const auto told = [&pseudonyms, &batch] {
    batch[Label::user].dictionary = {};
    batch[Label::user].dictionary.intern("alice");
    pseudonyms.apply(batch);
    return std::string(batch[Label::user].dictionary.at(1));
  };
  const std::string old = told();
  const std::string session = pseudonyms.session("s");
  CHECK(old == pseudonyms.user("alice"));
  REQUIRE(pseudonyms.rotate(0));
  const std::string current = pseudonyms.user("alice");
  CHECK(current != old);
  CHECK(told() == current);  // not one that was made lately
  CHECK(told() == current);
  CHECK(applied(pseudonyms, "user:alice") == "user:" + current + "|" + old);
  CHECK(applied(pseudonyms, "user:!alice|") == "user:!" + current + "|" + old + "|");
  CHECK(applied(pseudonyms, "session:s") == "session:" + pseudonyms.session("s") + "|" + session);
  CHECK(applied(pseudonyms, "user:*") == "user:*");
  CHECK(pseudonyms.users("alice") == std::set<std::string, std::less<>>{current, old});
  REQUIRE(*pseudonyms.drop_retired(1) == 1);
  CHECK(applied(pseudonyms, "user:alice") == "user:" + current);
}
