#include "fields.h"

#include <map>
#include <set>

namespace vitals::insight {
namespace {

constexpr std::uint32_t kSample = 300;
constexpr std::size_t kTagsMax = 4;
constexpr std::size_t kTellingValuesMax = 20;
constexpr std::string_view kTag = "tags.";

}  // namespace

std::string pinned(const std::vector<model::Filter>& filters, std::string_view field) {
  for (const model::Filter& filter : filters) {
    const bool one = filter.field == field && !filter.negated && filter.patterns.size() == 1;
    if (one && filter.patterns[0].find('*') == std::string::npos) return filter.patterns[0];
  }
  return "";
}

std::vector<std::string> telling_tags(const query::Engine& engine,
                                      const std::vector<model::Filter>& filters, TimeMs from_ms,
                                      TimeMs to_ms, const Budget& budget) {
  query::ExecutionsRequest request;
  request.filters = filters;
  request.from_ms = from_ms;
  request.to_ms = to_ms;
  request.limit = kSample;
  request.deadline_ms = budget.left_ms();
  const auto page = engine.executions(request);
  std::vector<std::string> tags;
  if (!page) return tags;

  const model::AttributeColumn& attributes = page->rows.attributes;
  std::map<std::string, std::set<std::string_view>, std::less<>> values;
  for (const std::uint32_t code : attributes.codes) {
    const std::string_view pair = attributes.pairs.at(code);
    const std::string_view key = model::AttributeColumn::key_of(pair);
    if (key.substr(0, kTag.size()) == kTag) values[std::string(key)].insert(pair);
  }
  for (const auto& [key, found] : values) {
    const bool telling = found.size() > 1 && found.size() <= kTellingValuesMax;
    if (telling && pinned(filters, key).empty() && tags.size() < kTagsMax) tags.push_back(key);
  }
  return tags;
}

}  // namespace vitals::insight
