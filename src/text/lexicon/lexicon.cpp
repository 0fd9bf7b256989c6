#include "lexicon.h"

#include <algorithm>

namespace vitals::text {

std::optional<Entry> find_entry(std::string_view name) {
  const auto found = std::lower_bound(
      kLexicon.begin(), kLexicon.end(), name,
      [](const Entry& entry, std::string_view wanted) { return entry.name < wanted; });
  if (found == kLexicon.end() || found->name != name) return std::nullopt;
  return *found;
}

}  // namespace vitals::text
