#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include <vitals/text/line_diff.h>
#include <vitals/text/prompt_analysis.h>

#include "command_body.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

using model::PromptVersion;

constexpr std::size_t kNameMax = 256;
constexpr std::size_t kTextMax = 200'000;

std::string name_of(model::Number trait) {
  return std::string(model::kNumberFields[model::index(trait)].name);
}

Json traits_json(const model::Traits& traits) {
  Json json = Json::object();
  for (std::size_t i = 0; i < model::kTraitCount; ++i) {
    json[name_of(model::kTraits[i])] = std::isnan(traits[i]) ? Json() : Json(traits[i]);
  }
  return json;
}

Json findings_json(const std::vector<text::Finding>& findings) {
  Json list = Json::array();
  for (const text::Finding& finding : findings) {
    list.push_back({{"dimension", name_of(finding.dimension)},
                    {"line", finding.line},
                    {"what", finding.what},
                    {"why", finding.why},
                    {"suggestion", finding.suggestion}});
  }
  return list;
}

Json version_json(const PromptVersion& version) {
  return {{"prompt", version.prompt},
          {"version", version.version},
          {"parent", text_or_null(version.parent)},
          {"author", text_or_null(version.author)},
          {"registered_at", version.registered_at},
          {"traits", traits_json(version.traits)}};
}

/// What this release says of a text, but for its traits.
void add_analysis(const text::PromptAnalysis& analysis, Json& json) {
  const text::Counts& counts = analysis.counts;
  json["english"] = analysis.english;
  json["counts"] = {{"bytes", counts.bytes},       {"lines", counts.lines},
                    {"words", counts.words},       {"sentences", counts.sentences},
                    {"sections", counts.sections}, {"estimated_tokens", counts.estimated_tokens}};
  json["findings"] = findings_json(analysis.findings);
  json["findings_left_out"] = analysis.findings_left_out;
}

/// With its text's analysis; the traits stay those that executions got.
Json whole_json(const PromptVersion& version, const text::PromptAnalysis& analysis) {
  Json json = version_json(version);
  add_analysis(analysis, json);
  return json;
}

/// A name that executions can carry.
Result<std::string> name_in(const CommandBody& body, std::string_view member) {
  auto name = body.text(member);
  if (!name) return name;
  const bool control =
      std::any_of(name->begin(), name->end(), [](unsigned char c) { return c < 0x20; });
  if (name->size() > kNameMax) return wrong_member(member, "is longer than 256 bytes");
  if (control) return wrong_member(member, "has control characters");
  return name;
}

Result<std::string> prompt_text_in(const CommandBody& body) {
  auto text = body.required_text("text", kTextMax);
  if (text && text->find_first_not_of(" \t\r\n") == std::string::npos) {
    return wrong_member("text", "is blank");
  }
  return text;
}

Result<PromptVersion> version_of(const CommandBody& body, TimeMs now) {
  PromptVersion made;
  made.registered_at = now;
  for (const auto& [member, target] :
       {std::pair("prompt", &made.prompt), std::pair("version", &made.version),
        std::pair("parent", &made.parent), std::pair("author", &made.author)}) {
    auto name = name_in(body, member);
    if (!name) return std::move(name).error();
    *target = *std::move(name);
  }
  if (made.prompt.empty()) return wrong_member("prompt", "is required");
  if (made.version.empty()) return wrong_member("version", "is required");
  auto text = prompt_text_in(body);
  if (!text) return std::move(text).error();
  made.text = *std::move(text);
  return made;
}

Result<PromptVersion> find(const registry::Prompts& prompts, const std::string& prompt,
                           const std::string& version) {
  auto found = prompts.find(prompt, version);
  if (!found) return std::move(found).error();
  if (!*found) return Error{Errc::not_found, prompt + " has no registered version " + version};
  return **std::move(found);
}

/// The version to compare with: the one that is asked for, else the parent if it is still there,
/// else the one that was registered before.
Result<PromptVersion> compared_with(const registry::Prompts& prompts, const PromptVersion& version,
                                    const std::string* against) {
  if (against != nullptr) return find(prompts, version.prompt, *against);
  if (!version.parent.empty()) {
    auto parent = prompts.find(version.prompt, version.parent);
    if (!parent) return std::move(parent).error();
    if (*parent) return **std::move(parent);
  }
  const std::vector<PromptVersion> all = prompts.versions(version.prompt);
  const auto at = std::find_if(all.begin(), all.end(), [&version](const PromptVersion& other) {
    return other.version == version.version;
  });
  if (at == all.begin()) {
    const std::string why = version.parent.empty()
                                ? "has no parent"
                                : "its parent " + version.parent + " is not registered any more";
    return Error{Errc::unprocessable,
                 version.version + " is the first version, and " + why + ": say against="};
  }
  return find(prompts, version.prompt, std::prev(at)->version);
}

Json changes_json(const model::Traits& before, const model::Traits& after) {
  model::Traits changes{};
  for (std::size_t i = 0; i < changes.size(); ++i) changes[i] = after[i] - before[i];
  return traits_json(changes);
}

}  // namespace

/// Registers a version. The same once more changes nothing and is answered alike.
void post_prompt(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {}); !known) {
    return call.respond(problem(known.error()));
  }
  const auto body = CommandBody::parse(call.request);
  if (!body) return call.respond(problem(body.error()));
  auto version = version_of(*body, context.services.clock.now_ms());
  if (!version) return call.respond(problem(version.error()));
  const text::PromptAnalysis analysis = text::analyse_prompt(version->text);
  version->traits = analysis.traits;
  const auto added = context.services.prompts.add(*version);
  if (!added) return call.respond(problem(added.error()));
  if (*added) return call.respond(json_answer(whole_json(*version, analysis)));
  const auto there = find(context.services.prompts, version->prompt, version->version);
  if (!there) return call.respond(problem(there.error()));
  call.respond(json_answer(whole_json(*there, analysis)));
}

/// Says of a text what registering it would, and keeps nothing.
void post_prompt_analysis(Context& /*context*/, const Call& call) {
  if (auto known = only_parameters(call.request, {}); !known) {
    return call.respond(problem(known.error()));
  }
  const auto body = CommandBody::parse(call.request);
  if (!body) return call.respond(problem(body.error()));
  const auto text = prompt_text_in(*body);
  if (!text) return call.respond(problem(text.error()));
  const text::PromptAnalysis analysis = text::analyse_prompt(*text);
  Json json = {{"traits", traits_json(analysis.traits)}};
  add_analysis(analysis, json);
  call.respond(json_answer(json));
}

/// Answers what was there, without its text.
void delete_prompt_version(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {}); !known) {
    return call.respond(problem(known.error()));
  }
  const auto removed = context.services.prompts.remove(call.arguments[0], call.arguments[1]);
  if (!removed) return call.respond(problem(removed.error()));
  call.respond(json_answer(version_json(*removed)));
}

void get_prompts(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {}); !known) {
    return call.respond(problem(known.error()));
  }
  Json list = Json::array();
  for (const registry::Prompts::Summary& prompt : context.services.prompts.prompts()) {
    list.push_back({{"prompt", prompt.prompt},
                    {"versions", prompt.versions},
                    {"latest", prompt.latest},
                    {"registered_at", prompt.registered_at}});
  }
  call.respond(json_answer({{"prompts", std::move(list)}}));
}

/// Its history, oldest first.
void get_prompt_versions(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {}); !known) {
    return call.respond(problem(known.error()));
  }
  const auto versions = context.services.prompts.versions(call.arguments[0]);
  if (versions.empty()) return call.respond(problem(404, "no version of it is registered"));
  Json list = Json::array();
  for (const PromptVersion& version : versions) list.push_back(version_json(version));
  call.respond(json_answer({{"prompt", call.arguments[0]}, {"versions", std::move(list)}}));
}

void get_prompt_version(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {}); !known) {
    return call.respond(problem(known.error()));
  }
  const auto version = find(context.services.prompts, call.arguments[0], call.arguments[1]);
  if (!version) return call.respond(problem(version.error()));
  Json json = whole_json(*version, text::analyse_prompt(version->text));
  json["text"] = version->text;
  call.respond(json_answer(json));
}

void get_prompt_diff(Context& context, const Call& call) {
  if (auto known = only_parameters(call.request, {"against"}); !known) {
    return call.respond(problem(known.error()));
  }
  const registry::Prompts& prompts = context.services.prompts;
  const auto version = find(prompts, call.arguments[0], call.arguments[1]);
  if (!version) return call.respond(problem(version.error()));
  const auto before = compared_with(prompts, *version, call.request.parameter("against"));
  if (!before) return call.respond(problem(before.error()));
  const text::LineDiff diff = text::diff_lines(before->text, version->text);
  call.respond(json_answer({{"prompt", version->prompt},
                            {"version", version->version},
                            {"against", before->version},
                            {"added", diff.added},
                            {"removed", diff.removed},
                            {"diff", diff.unified},
                            {"traits", changes_json(before->traits, version->traits)}}));
}

}  // namespace vitals::api
