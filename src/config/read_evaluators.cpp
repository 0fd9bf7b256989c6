#include <algorithm>
#include <set>
#include <string>

#include <vitals/evaluate/evaluator.h>
#include <vitals/model/persons.h>

#include "matchers.h"
#include "read_receivers.h"
#include "sections.h"

namespace vitals::config {
namespace {

bool is_name(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
  return plain && !name.empty() && name.size() <= evaluate::kNameBytesMax;
}

/// What a webhook has, too, is checked as of one.
void read_address(Section& section, const std::filesystem::path& folder,
                  evaluate::Evaluator& evaluator) {
  notify::WebhookTarget target;
  section.text("url", target.url);
  read_headers(section, folder, target.headers);
  check_target(section, target);
  evaluator.url = std::move(target.url);
  evaluator.headers = std::move(target.headers);
}

void read_evaluator(Section& section, const std::filesystem::path& folder,
                    evaluate::Evaluator& evaluator) {
  section.text("name", evaluator.name);
  if (!is_name(evaluator.name)) {
    section.problem("name", "must be 1 to 64 letters, digits, '_', '-' and '.'");
  }
  read_address(section, folder, evaluator);
  section.number("sample", evaluator.sample, 0, 1);
  read_filters(section, "filter", evaluator.filters);
  for (const model::Filter& filter : evaluator.filters) {
    if (!model::is_personal(filter.field)) continue;
    section.problem("filter", "evaluators are told nothing of a " + filter.field);
  }
  section.duration("timeout", evaluator.timeout_ms, 100, 600'000);
  section.count("retries", evaluator.retries, 0, 10);
  section.count("concurrency", evaluator.concurrency, 1, 64);
  section.count("budget_per_hour", evaluator.budget_per_hour, 0, 100'000'000);
  section.duration("max_age", evaluator.max_age_ms, 1'000);
}

}  // namespace

void read_evaluators(Section& root, const std::filesystem::path& folder,
                     std::vector<evaluate::Evaluator>& evaluators) {
  std::set<std::string> names;
  root.sections("evaluators", [&](Section& section) {
    evaluate::Evaluator& evaluator = evaluators.emplace_back();
    read_evaluator(section, folder, evaluator);
    if (!names.insert(evaluator.name).second) {
      section.problem("name", "another evaluator is called '" + evaluator.name + "' too");
    }
  });
}

}  // namespace vitals::config
