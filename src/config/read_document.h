#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <vitals/base/result.h>

#include "section.h"

namespace vitals::config {

/// Parses a file, or what was read of it, and hands its top level to `read`. `name` is how messages
/// call it.
template <class Read>
void read_document(std::string_view name, const Result<std::string>& text, Report& report,
                   const Read& read) {
  Document document{std::string(name), &report, {}, {}};
  if (!text) return report.add(document.file, 0, "", text.error().message);
  const std::optional<Node> root = parse_yaml(*text, document);
  if (!root) return;
  Section section(*root, document);
  read(section);
}

}  // namespace vitals::config
