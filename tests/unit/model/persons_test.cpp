#include <catch2/catch.hpp>

#include <vitals/model/persons.h>

using namespace vitals::model;

namespace {

struct Given {
  std::string user;
  std::string session;
};

std::string renamed(std::string_view id) { return "new-" + std::string(id); }

ExecutionBatch batch_of(const std::vector<Given>& rows) {
  ExecutionBatch batch;
  std::uint32_t pairs = 0;
  for (const Given& given : rows) {
    batch.time_ms.push_back(static_cast<std::int64_t>(1'000 + batch.rows()));
    batch.ids.push_back("id-" + std::to_string(batch.rows()));
    batch.outcome.push_back(1);
    for (const auto& [label, text] :
         {std::pair(Label::user, given.user), std::pair(Label::session, given.session),
          std::pair(Label::prompt, std::string("p"))}) {
      batch[label].codes.push_back(batch[label].dictionary.intern(text));
    }
    using namespace std::string_literals;
    batch.attributes.codes.push_back(batch.attributes.pairs.intern("tags.of\0"s + given.user));
    batch.attributes.ends.push_back(++pairs);
  }
  return batch;
}

}  // namespace

TEST_CASE("a user's rows lose what tells of the user, and nothing else") {
  ExecutionBatch batch =
      batch_of({{"ann", "s1"}, {"bob", "s2"}, {"", "s1"}, {"bob", "s1"}, {"ann", ""}, {"", ""}});
  const PersonalRows rows = rows_of(batch, {{"ann"}, {"s1"}});
  CHECK(rows.whole == std::vector<std::uint32_t>{0, 2, 4});
  CHECK(rows.session_only == std::vector<std::uint32_t>{3});

  anonymize(batch, rows, renamed);
  const auto column = [&batch](auto&& at) {
    std::string all;
    for (std::uint32_t row = 0; row < batch.rows(); ++row) all.append(at(row)).append("/");
    return all;
  };
  CHECK(column([&](auto row) { return batch[Label::user].at(row); }) == "/bob//bob///");
  CHECK(column([&](auto row) { return batch[Label::session].at(row); }) == "/s2/////");
  CHECK(column([&](auto row) { return batch.ids.at(row); }) ==
        "new-id-1/id-2/new-id-3/id-4/new-id-5/id-6/");
  CHECK(column([&](auto row) { return batch.attributes.value(row, "tags.of"); }) == "/bob//bob///");
  CHECK(column([&](auto row) { return batch[Label::prompt].at(row); }) == "p/p/p/p/p/p/");
  CHECK(batch.time_ms.back() == 1'005);
}

TEST_CASE("tags that are to be kept stay") {
  ExecutionBatch batch = batch_of({{"ann", "s1"}, {"bob", "s2"}});
  using namespace std::string_literals;
  const std::uint32_t region = batch.attributes.pairs.intern("tags.region\0eu"s);
  batch.attributes.codes = {batch.attributes.codes[0], region, batch.attributes.codes[1]};
  batch.attributes.ends = {2, 3};
  anonymize(batch, {{0, 1}, {}}, renamed, {"tags.region"});
  CHECK(batch.attributes.value(0, "tags.region") == "eu");
  CHECK(batch.attributes.value(0, "tags.of").empty());
  CHECK(batch.attributes.at(1).empty());
}

TEST_CASE("rows without users, sessions or tags are nobody's") {
  ExecutionBatch batch;
  batch.time_ms = {1, 2};
  batch.ids.push_back("a");
  batch.ids.push_back("b");
  const PersonalRows rows = rows_of(batch, {{"ann"}, {"s1"}});
  CHECK(rows.empty());
  anonymize(batch, {{0}, {1}}, renamed);
  CHECK(batch.ids.at(0) == "new-a");
  CHECK(batch.ids.at(1) == "b");
}

TEST_CASE("all that was said of an execution has its new id, and nothing of old ids") {
  const auto lengths = [](std::string_view text) { return std::to_string(text.size()); };
  const auto become = [&](const Signal& signal) { return disguised_id(row_id(signal), lengths); };
  CHECK(disguised_id("run-1", lengths) == "5");
  CHECK(execution_id_of(become({RowKind::feedback, "run-1", "mine"})) == "5");
  CHECK(own_id_of(become({RowKind::feedback, "run-1", "mine"})) == "11");
  CHECK(become({RowKind::feedback, "run-1", ""}) == row_id({RowKind::feedback, "5", ""}));
  CHECK(disguised_id(assessments_id("run-1"), lengths) == assessments_id("5"));
  CHECK(disguised_id(lone_assessments_id("run-1"), lengths) == lone_assessments_id("5"));
  const std::string done = become({RowKind::interaction, "run-1", "mine"});
  CHECK(execution_hash_of(done) == 0);
  CHECK(own_id_of(done) == "22");
}

TEST_CASE("texts lose pseudonyms wherever they are in a run of digits") {
  const Persons persons{{"0123456789abcdef"}, {"fedcba9876543210"}};
  CHECK(!if_named("", persons));
  CHECK(!if_named("0123456789abcde", persons));
  CHECK(!if_named("0123456789ABCDEF", persons));
  CHECK(if_named("0123456789abcdef", persons) == "(erased)");
  CHECK(if_named("ff0123456789abcdefff", persons) == "ff(erased)ff");
  CHECK(if_named(R"({"user":"0123456789abcdef","in":"fedcba9876543210, 0123456789abcdeg"})",
                 persons) == R"~({"user":"(erased)","in":"(erased), 0123456789abcdeg"})~");
  CHECK(if_named("0123456789abcdef0123456789abcdef", persons) == "(erased)(erased)");
}
