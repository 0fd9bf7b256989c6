#pragma once

#include <string>
#include <vector>

#include "section.h"

namespace vitals::config {

/// The JSON of an execution, as it is posted, from keys of a YAML mapping. The fields of an object
/// may be written in it or, as queries name them, with a dot: `error: {type: x}`, `error.type: x`.
/// What is a text in an execution need not be quoted: `version: 2`. Reports what is neither.
std::string execution_json(const std::vector<const Node*>& fields, const Section& section);

}  // namespace vitals::config
