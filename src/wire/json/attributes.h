#pragma once

#include <vitals/wire/decoded.h>

#include "row.h"
#include "values.h"

namespace vitals::wire::json {

/// Reads the `tags` object into pairs `tags.<key>`: at most 32 texts. Empty and null ones are
/// absent. On failure `problem` has reason and, where one entry is at fault, field.
bool read_tags(Element value, Row& row, Refusal& problem);

/// Reads the `parameters` object into pairs `parameters.<key>`: at most 32 values. Texts stay as
/// they are, numbers take their shortest form (1.0 and 1 are one value), arrays and objects become
/// minified JSON.
bool read_parameters(Element value, Row& row, Refusal& problem);

/// Whether tags and parameters may be called so: not empty, not too long, no control characters.
bool is_attribute_key(std::string_view key);

/// Appends `prefix key NUL text` to the row's pairs; false when one of those from `first` on has
/// the key already.
bool add_pair(std::string_view prefix, std::string_view key, std::string_view text,
              std::size_t first, Row& row);

}  // namespace vitals::wire::json
