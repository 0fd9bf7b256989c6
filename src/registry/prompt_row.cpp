#include "prompt_row.h"

#include <cmath>

#include "stored_object.h"

namespace vitals::registry {
namespace {

using nlohmann::json;

constexpr int kPromptFormat = 1;

std::string name_of(model::Number trait) {
  return std::string(model::kNumberFields[model::index(trait)].name);
}

}  // namespace

std::string encode(const model::PromptVersion& version) {
  json traits = json::object();
  for (std::size_t i = 0; i < model::kTraitCount; ++i) {
    if (!std::isnan(version.traits[i])) traits[name_of(model::kTraits[i])] = version.traits[i];
  }
  const json object = {{"format", kPromptFormat},     {"prompt", version.prompt},
                       {"version", version.version},  {"text_bytes", version.text.size()},
                       {"parent", version.parent},    {"author", version.author},
                       {"at", version.registered_at}, {"traits", traits}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<PromptRow> decode_prompt(std::string_view bytes) {
  return read_stored("prompt", kPromptFormat, bytes, [](const json& object) -> Result<PromptRow> {
    PromptRow row;
    model::PromptVersion& version = row.version;
    object.at("prompt").get_to(version.prompt);
    object.at("version").get_to(version.version);
    object.at("text_bytes").get_to(row.text_bytes);
    object.at("parent").get_to(version.parent);
    object.at("author").get_to(version.author);
    object.at("at").get_to(version.registered_at);
    const json& traits = object.at("traits");
    for (std::size_t i = 0; i < model::kTraitCount; ++i) {
      version.traits[i] = traits.value(name_of(model::kTraits[i]), model::kAbsent);
    }
    return row;
  });
}

}  // namespace vitals::registry
