#include "wire/json/fields.h"

#include <set>

#include <catch2/catch.hpp>

using namespace vitals;
using namespace vitals::wire::json;

TEST_CASE("every field is found under its own name and object") {
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    INFO(kFields[i].key);
    CHECK(kFieldTable.find(kFields[i].group, kFields[i].key) == i);
  }
}

TEST_CASE("no other name is a field") {
  for (const std::string_view name :
       {"", "x", "Prompt", "prompt ", "promp", "prompts", "error.type", "clarity", "type",
        "duration", "input_token", "an_unknown_field_with_a_long_name"}) {
    INFO(name);
    CHECK(kFieldTable.find(Group::event, name) == FieldTable::kUnknown);
  }
  CHECK(kFieldTable.find(Group::quality, "prompt") == FieldTable::kUnknown);
  CHECK(kFieldTable.find(Group::traits, "clarity") == FieldTable::kUnknown);
}

TEST_CASE("the table holds every label and number of the model once") {
  std::set<std::string> names;
  for (const Field& field : kFields) {
    const std::string_view object = kGroupNames[static_cast<std::size_t>(field.group)];
    const std::string path = object.empty() ? std::string(field.key)
                                            : std::string(object) + "." + std::string(field.key);
    CHECK(names.insert(path).second);
    if (field.kind == Kind::label) CHECK(path == model::kLabelFields[field.target].name);
    if (field.kind == Kind::number) CHECK(field.key == model::kNumberFields[field.target].name);
  }
}
