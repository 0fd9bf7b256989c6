#pragma once

#include <string_view>

#include "report.h"

namespace vitals::config {

/// Holds a text against the profile of YAML 1.2 that configuration files use, because yaml-cpp 0.7
/// accepts a third of the documents that YAML forbids. True when it fits.
///
/// In the profile: block and flow mappings and sequences, plain and quoted scalars on one line,
/// block scalars (`|`, `>`), comments, one leading `---`. Not in it: tabs, directives, several
/// documents, anchors, aliases, tags, complex keys, scalars over several lines. What is in the
/// profile means the same to every YAML parser.
bool check_profile(std::string_view text, Document& document);

}  // namespace vitals::config
