#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>

namespace vitals::model {

/// One condition on a field of an execution: `field:value`, with `!value` for not, `*` in a value
/// for any run of characters, and `a|b` for either. `field:` alone asks for an absent field,
/// `field:!` for a present one. A plain value.
///
/// Fields are label names, `id`, `status` (success, error or absent), `tags.<key>` and
/// `parameters.<key>`.
struct Filter {
  std::string field;
  bool negated = false;
  std::vector<std::string> patterns;  ///< any of them; "" is absent

  /// Whether a field with this text ("" is absent) satisfies the condition.
  bool matches(std::string_view text) const;

  /// The text that parse_filter() reads back.
  std::string to_string() const;

  bool operator==(const Filter&) const = default;
};

/// The error names the field that is not known or says what is missing.
Result<Filter> parse_filter(std::string_view text);

/// Whether `name` can be filtered and grouped by.
bool is_field(std::string_view name);

}  // namespace vitals::model
